"""You look at the direct children only: layers deeper in the model are as they were."""

HINT = (
    "children() and a loop over a Sequential stop at the first level. modules() walks through the whole tree, "
    "and named_modules() gives their names too."
)
EDITS = {
    "init_xavier": [("model.modules()", "[model, *model.children()]")],
}

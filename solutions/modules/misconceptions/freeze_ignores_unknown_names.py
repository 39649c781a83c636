"""You accept names that no module has."""

HINT = (
    "A typing error in keep would freeze the whole model, and nobody would notice. Look all names up first, "
    "before anything is changed."
)
EDITS = {
    "freeze": [("for name in keep:\n    *A_", "")],
}

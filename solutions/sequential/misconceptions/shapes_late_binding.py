"""All your entries have the name of the last child."""

HINT = (
    "A function that is made in a loop looks a name up when it runs, and then the loop is over. Hand the name "
    "over when the function is made: a default argument, or a function that returns one."
)
EDITS = {
    "trace_shapes": [("shapes.append((name, A_))", "shapes.append((list(model.named_children())[-1][0], A_))")],
}

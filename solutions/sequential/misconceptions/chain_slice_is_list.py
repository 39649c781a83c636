"""A slice of your Chain is a list of modules, not a Chain."""

HINT = (
    "nn.Sequential gives a new nn.Sequential for a slice, so that model[:2] can be called. Look at what kind of index "
    "came, and put the modules of a slice into a new Chain."
)
EDITS = {
    "Chain": [("A_ if isinstance(index, slice) else B_", "B_")],
}


def evidence(exercise, yours, expected):
    """Compare the kinds of the slice in the public example."""
    mine, due = yours[1][1], expected[1][1]
    return f"In the example chain[:2] is a {mine}, where a {due} of 2 modules is expected."

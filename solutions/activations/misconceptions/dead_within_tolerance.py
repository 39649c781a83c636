"""You call a unit dead if it is nearly zero for all samples; a small positive number is enough to be alive."""

HINT = (
    "The slope of ReLU is 1 wherever its input is positive, however small that is, so a full gradient gets through. "
    "Nothing is rounded in a comparison with 0: no tolerance is needed."
)
QUESTION = "Which slope has ReLU at 0.0001?"
WORKED = """
A lamp that glows faintly has current; one that is dark has none.
  inputs −1 and 0.001:   ReLU gives 0 and 0.001, with the slopes 0 and 1: the unit learns
  inputs −1 and 0:       ReLU gives 0 and 0, with the slopes 0 and 0: it does not
"""
EDITS = {
    "dead_units": [
        [("z <= 0", "z < 1e-6")],
        [("(z <= 0).all(0)", "torch.relu(z).mean(0) < 0.01")],
        [("(z <= 0).all(0)", "torch.relu(z).sum(0) <= 1e-3")],
    ],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."

"""You train one and the same model for all seeds, so each row goes on where the last one ended."""

HINT = "Each seed has a model of its own: make the layers inside the loop over the seeds."
EDITS = {
    "compare_starts": [
        ("rows = []", "rows, model = [], None"),
        ("model = A_", "model = model or A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your second row begins with {float(yours[1, 0]):.4g}; {float(expected[1, 0]):.4g} is due."

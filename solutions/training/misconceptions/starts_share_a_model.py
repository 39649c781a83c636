"""You train one and the same model for all seeds, so each row goes on where the last one ended."""

HINT = "Each seed has a model of its own: make the layers inside the loop over the seeds."
QUESTION = "Where does the second row of yours begin: at a fresh network, or where the first one ended?"
WORKED = """
Two runners on one track of 10 km. If the second one starts where the first one stopped, at km 8, he has 2 km to go.
Both have to start at 0, or their times say nothing.
"""
EDITS = {
    "compare_starts": [
        ("rows = []", "rows, model = [], None"),
        ("model = A_", "model = model or A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your second row begins with {float(yours[1, 0]):.4g}; {float(expected[1, 0]):.4g} is expected."

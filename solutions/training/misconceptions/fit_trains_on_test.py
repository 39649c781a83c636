"""You train on the test data too."""

HINT = "What has been trained on says nothing about new data. Only the batches of `train` make updates."
EDITS = {
    "fit": [
        [
            ("for x, y in train:\n    *A_", "for x, y in train + test:\n    *A_"),
        ],
        [
            ("for x, y in train:\n    *A_", "for x, y in train:\n    *A_\nfor x, y in test:\n    *A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."

"""Your network has an activation after its last layer too."""

HINT = "ReLU stands between layers. After the last one it would make every negative output zero."
QUESTION = "Which numbers can your network never give?"
WORKED = """
Targets −2 and 3. A network that ends in a ReLU gives at best 0 and 3: the first one is missed by 2, for ever.
"""
EDITS = {
    "compare_starts": [
        ("layers[:-1]", "layers"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your first row is {[round(float(v), 3) for v in yours[0]]}; due is {[round(float(v), 3) for v in expected[0]]}."

"""In each epoch you make more passes than in the one before."""

HINT = (
    "A call that trains for several epochs stands inside a loop over epochs: 20 epochs become 190 passes. One "
    "pass in each epoch is expected."
)
QUESTION = "How many passes over the data do you make for 4 epochs?"
WORKED = """
for k in range(4): run(k) rounds   makes 0 + 1 + 2 + 3 = 6 rounds; with k + 1 it makes 10. One in each of four: 4.
"""
EDITS = {
    "fit": [
        (
            "for _ in range(epochs):\n    model.train()\n    for x, y in train:\n        *A_\n    *B_",
            (
                "for epoch in range(epochs):\n"
                "    model.train()\n"
                "    for _ in range(epoch):\n"
                "        for x, y in train:\n"
                "            *A_\n"
                "    *B_"
            ),
        ),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."

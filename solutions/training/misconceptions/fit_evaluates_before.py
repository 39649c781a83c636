"""You measure before each epoch, so the untrained model is in your curves and the last one is not."""

HINT = "First the pass over `train`, then the measuring: the curves begin with the model after its first epoch."
QUESTION = "Which model does the first number of your curve belong to?"
WORKED = """
A child grows 5 cm a year from 100 cm. After each of three years: 105, 110, 115.
Before each of them: 100, 105, 110, and how tall it is at the end is not in the list.
"""
EDITS = {
    "fit": [
        (
            (
                "for _ in range(epochs):\n"
                "    model.train()\n"
                "    for x, y in train:\n"
                "        *A_\n"
                "    model.eval()\n"
                "    *B_"
            ),
            (
                "for _ in range(epochs):\n"
                "    model.eval()\n"
                "    *B_\n"
                "    model.train()\n"
                "    for x, y in train:\n"
                "        *A_"
            ),
        ),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."

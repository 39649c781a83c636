"""You leave out frozen parameters even if all are asked for."""

HINT = (
    "A parameter with requires_grad=False is still a parameter: it takes memory and is saved. Only "
    "with trainable_only=True does it not count."
)
QUESTION = "If all parameters are frozen, how many does the model have?"
WORKED = """
A shelf holds 12 books, 4 of which may not be lent. The shelf has 12 books; 8 can be lent.
Two questions, two numbers. Which of them does the default ask for?
"""
EDITS = {
    "count_parameters": [("p.requires_grad or not trainable_only", "p.requires_grad")],
}


def evidence(exercise, yours, expected):
    """Compare the numbers of the public example."""
    return f"In the example you count {int(yours[0])} parameters where there are {int(expected[0])}."

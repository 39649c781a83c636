"""You keep the last layer's bias only."""

HINT = "The biases of the layers below reach the output too, multiplied by all the weights above them."
QUESTION = "What does your one layer give for x = 0, and what does the stack give?"
WORKED = """
First 3·x + 2, then 5·y + 1. At x = 0: y = 2, and 5·2 + 1 = 11. With the last bias alone it would be 1.
"""
EDITS = {
    "collapse": [("w @ bias + b", "b")],
}


def evidence(exercise, yours, expected):
    """Compare the bias."""
    mine, due = f"{yours[1].tolist()}", f"{expected[1].tolist()}"
    if mine == due:
        return None
    return f"In the example your bias is {mine}; {due} is expected."

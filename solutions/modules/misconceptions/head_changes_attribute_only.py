"""You change the attribute out_features, and the weight keeps its shape."""

HINT = "out_features is only what is printed. The weight was made in __init__: a new layer is needed."
QUESTION = "Which shape has the weight after your change?"
WORKED = """
A sign on a box of 6 eggs says "6". Who writes "10" on it still has 6 eggs.
layer = nn.Linear(4, 6); layer.out_features = 10; layer.weight.shape is still (6, 4).
"""
EDITS = {
    "replace_head": [("setattr(A_, last, new)", "old.out_features = num_classes")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0].get("2.0.weight"), expected[0]["2.0.weight"]
    if mine is None or mine == due:
        return None
    return f"In the example the head's weight is {mine} where {due} is expected."

"""You replace the first Linear, not the last one."""

HINT = "The head is where the model ends: the last Linear in the order of named_modules."
QUESTION = "Which of your model's layers has another shape afterwards: the first, or the last?"
WORKED = """
A network 8 → 5 → 3 is to tell 2 things apart: the last layer, 5 → 3, becomes 5 → 2.
If the first one becomes 8 → 2, the next one still wants 5 numbers and gets 2.
"""
EDITS = {
    "replace_head": [
        ("linears[-1].rpartition('.')", "linears[0].rpartition('.')"),
        ("model.get_submodule(linears[-1])", "model.get_submodule(linears[0])"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0].get("2.0.weight"), expected[0]["2.0.weight"]
    if mine is None or mine == due:
        return None
    return f"In the example the head's weight is {mine} where {due} is expected."

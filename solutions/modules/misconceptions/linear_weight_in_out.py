"""Your weight has the shape (in, out) where (out, in) is expected."""

HINT = (
    "Each row of the weight belongs to one output, so it has as many rows as there are outputs. The formula then "
    "needs the transposed weight."
)
QUESTION = "How many rows does your weight have: as many as there are inputs, or outputs?"
WORKED = """
A layer from 3 inputs to 2 outputs. Row j of the weight makes output j: two rows with three numbers each.
  shape (2, 3):   for x with 3 numbers, x @ W.T has 2 numbers
  shape (3, 2):   x @ W has 2 numbers as well, but a saved weight of torch's own layer does not fit
"""
EDITS = {
    "Linear": [
        ("torch.empty(out_features, in_features)", "torch.empty(in_features, out_features)"),
        ("x @ self.weight.T", "x @ self.weight"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[0]['weight']}", f"{expected[0]['weight']}"
    if mine == due:
        return None
    return f"In the example your weight has the shape {mine} where {due} is expected."

"""Your weight and bias are plain tensors: nobody finds them, so nobody trains or saves them."""

HINT = (
    "Only an nn.Parameter that is assigned to an attribute is registered. parameters() and state_dict() do not "
    "see a plain tensor, even if it requires a gradient."
)
QUESTION = "What does list(layer.parameters()) give for your layer?"
WORKED = """
class A has self.w = torch.zeros(2), class B has self.w = nn.Parameter(torch.zeros(2)).
  list(A().parameters()) is empty: an optimizer gets nothing to train, and a file gets nothing to save
  list(B().parameters()) holds the two zeros
"""
ALSO_COSTS = ["Perceptron"]
EDITS = {
    "Linear": [
        [
            ("self.weight = nn.Parameter(A_)", "self.weight = A_"),
            ("nn.Parameter(A_) if bias else None", "A_ if bias else None"),
        ],
        [
            ("self.weight = nn.Parameter(A_)", "self.weight = A_.requires_grad_()"),
            ("nn.Parameter(A_) if bias else None", "A_.requires_grad_() if bias else None"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{len(yours[0])}", f"{len(expected[0])}"
    if mine == due:
        return None
    return f"In the example your layer has {mine} parameters where {due} are due."

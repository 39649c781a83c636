"""Your slopes are no parameter: no optimizer finds them."""

HINT = (
    "A plain tensor as an attribute is invisible to parameters(), to state_dict() and to double(); a buffer is "
    "seen by the latter two, but is not trained. Which class makes a tensor a parameter?"
)
QUESTION = "What does list(layer.parameters()) give for your layer?"
WORKED = """
class A has self.k = torch.ones(3), class B has self.k = nn.Parameter(torch.ones(3)).
  an optimizer over A().parameters() raises an error: the list is empty
  one over B().parameters() moves three numbers
"""
EDITS = {
    "PReLU": [
        [("nn.Parameter(A_)", "A_")],
        [("self.weight = nn.Parameter(A_)", 'self.register_buffer("weight", A_)')],
    ],
}


def evidence(exercise, yours, expected):
    """Count the parameters of the example."""
    if len(yours[0]) == 1:
        return None
    return f"In the example your layer has {len(yours[0])} parameters; one, weight, is expected."

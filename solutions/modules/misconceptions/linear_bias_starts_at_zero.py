"""Your bias starts at zero; it has to be drawn, as the weights are."""

HINT = (
    "Some libraries start every bias at zero, and that trains as well. Here the bias follows the same law as the "
    "weights, from −1/√in to 1/√in, as in torch's own layer."
)
QUESTION = "Which numbers does your bias hold, right after the layer was made?"
WORKED = """
A layer with 4 inputs and 3 outputs: the bound is 1/√4 = 0.5.
  a drawn bias:     for example (0.31, −0.44, 0.07), another one for each layer
  a bias of zeros:  (0, 0, 0), the same for each layer
"""
EDITS = {
    "Linear": [("torch.empty(out_features).uniform_(-bound, bound)", "torch.zeros(out_features)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[2][1] != 0 or expected[2][1] == 0:
        return None
    mine, due = f"{yours[2][1]:.3g}", f"{expected[2][1]}"
    if mine == due:
        return None
    return f"In the example your largest bias is {mine} times the bound; {due} is expected."

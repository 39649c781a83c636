"""You record the loss after each update, so every column is one epoch late."""

HINT = "Column 0 belongs to the untrained network. Record the loss that the gradient comes from."
QUESTION = "Which loss stands in the first column: that of the untrained network, or a later one?"
WORKED = """
w = 6 with the loss w², rate 0.25: w is 6, 3, 1.5.
  before each of two steps:   36, 9
  after each of them:         9, 2.25
"""
EDITS = {
    "compare_starts": [
        (
            "losses.append(A_)\noptimizer.step()",
            "optimizer.step()\nlosses.append(nn.functional.mse_loss(model(x), y).detach())",
        ),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your first row is {[round(float(v), 3) for v in yours[0]]}; due is {[round(float(v), 3) for v in expected[0]]}."

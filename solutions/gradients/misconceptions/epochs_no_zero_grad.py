"""You never clear the gradients, so they add up from epoch to epoch."""

HINT = "backward() adds to .grad. Before each backward pass, clear what the last epoch left there."
QUESTION = "What is in .grad after the second backward(), if nobody clears it?"
WORKED = """
f(w) = 4w has the slope 4 everywhere.
  after the first backward():   w.grad is 4
  after the second backward():  w.grad is 8, although the slope still is 4
  after the third backward():   w.grad is 12
"""
EDITS = {
    "profile_by_epoch": [("optimizer.zero_grad()", "")],
}

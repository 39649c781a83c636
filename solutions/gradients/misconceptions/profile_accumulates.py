"""You do not clear the gradients first: what .grad held before is part of your profile."""

HINT = (
    "backward() adds to .grad, so clear it before the backward pass, with zero_grad() or by setting it to None."
)
QUESTION = "What is in .grad after the second backward(), if nobody clears it?"
WORKED = """
f(w) = 4w has the slope 4 everywhere.
  after the first backward():   w.grad is 4
  after the second backward():  w.grad is 8, although the slope still is 4
  after the third backward():   w.grad is 12
"""
#: In a training loop that is the same as never clearing the gradients.
EQUALS = {"profile_by_epoch": "epochs-no-zero-grad"}

EDITS = {
    "gradient_profile": [
        ("gradients = A_", "loss_fn(model(x), y).backward()\ngradients = [w.grad for w in weights]"),
    ],
    "profile_by_epoch": [("optimizer.zero_grad()", "")],
}

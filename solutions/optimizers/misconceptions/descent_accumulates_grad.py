"""Your gradients add up over the steps."""

HINT = (
    "backward() adds to .grad. Clear it before each step, or use torch.autograd.grad, which returns the gradient alone."
)
QUESTION = "What is in .grad after the second backward(), if nobody clears it?"
WORKED = """
f(w) = 4w has the slope 4 everywhere.
  after the first backward():   w.grad is 4
  after the second backward():  w.grad is 8, although the slope still is 4
  after the third backward():   w.grad is 12
"""
EDITS = {
    "gradient_descent": [
        ("AFTER path = A_", "total = 0"),
        ("AFTER (gradient,) = A_", "total = total + gradient"),
        ("lr * gradient", "lr * total"),
    ],
}

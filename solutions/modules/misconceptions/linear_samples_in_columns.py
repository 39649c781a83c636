"""Your layer takes samples as columns, W·x + b; in PyTorch they are rows."""

HINT = (
    "A batch has the shape (batch, in). The sum runs over the last dimension of x, so the matrix stands on the "
    "right, and the bias is a plain vector."
)
QUESTION = "Which dimension of x counts the samples, and along which one does your sum run?"
WORKED = """
Two samples with three features: x has the shape (2, 3), and W of a layer with one output has the shape (1, 3).
  x @ W.T:   (2, 3) times (3, 1) is (2, 1), one answer for each sample
  W @ x:     (1, 3) times (2, 3) does not fit
"""
ALSO_COSTS = ["Perceptron"]
EDITS = {
    "Linear": [
        [
            ("y = x @ self.weight.T", "y = self.weight @ x"),
            (
                "torch.empty(out_features).uniform_(-bound, bound)",
                "torch.empty(out_features, 1).uniform_(-bound, bound)",
            ),
        ],
        [
            ("y = x @ self.weight.T", "y = self.weight @ x"),
            (
                "torch.empty(out_features, in_features).uniform_(-bound, bound)",
                "torch.randn(out_features, in_features)",
            ),
            ("torch.empty(out_features).uniform_(-bound, bound)", "torch.randn(out_features, 1)"),
        ],
        [("y = x @ self.weight.T", "y = self.weight @ x")],
    ],
}

"""Your result is detached from the graph: no gradient flows back through it."""

HINT = (
    ".detach(), .data, .item(), numpy and torch.no_grad() cut the graph. Stay with operations of torch on the "
    "tensors as they are."
)
EDITS = {
    "Linear": [[("return A_", "return (A_).detach()")], [("x @ self.weight.T", "x @ self.weight.data.T")]],
    "Perceptron": [("return A_", "return A_.detach()")],
    "conv2d": [("return A_", "return (A_).detach()")],
    "pool2d": [("return A_", "return (A_).detach()")],
    "BatchNorm1d": [("return A_", "return (A_).detach()")],
    "Dropout": [("return x * keep / A_", "return (x * keep / A_).detach()")],
    "LeNet": [("return A_", "return A_.detach()")],
}

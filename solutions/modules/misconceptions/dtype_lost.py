"""Your result has another dtype than the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(n), nn.Linear(…) and .float() make float32. Derive new tensors from the inputs: "
    "zeros_like, new_zeros, .to(x), or plain arithmetic."
)
EDITS = {
    "Linear": [("return A_", "return (A_).float()")],
    "Perceptron": [("return A_", "return A_.float()")],
    "conv2d": [[("return A_", "return (A_).float()")], [("out = A_", "out = (A_).float()")]],
    "pool2d": [("return A_", "return (A_).float()")],
    "BatchNorm1d": [("return A_", "return (A_).float()")],
    "Dropout": [("return x * keep / A_", "return (x * keep / A_).float()")],
    "LeNet": [("return A_", "return A_.float()")],
    "replace_head": [("A_.to(old.weight)", "A_")],
    "load_matching": [("own[name].copy_(value)", "model.state_dict(keep_vars=True)[name].data = value")],
}

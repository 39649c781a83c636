"""Your result has another dtype than the inputs."""

HINT = (
    ".float(), torch.tensor(…), torch.zeros(n) and torch.where(…, 1.0, 0.5) make float32. Derive new tensors from the "
    "inputs: zeros_like, new_zeros, or plain arithmetic."
)
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "sigmoid": [("return A_", "return (A_).float()")],
    "softplus": [("return A_", "return (A_).float()")],
    "leaky_relu": [("return A_", "return (A_).float()")],
    "ELU": [("return A_", "return (A_).float()")],
    "PReLU": [("return A_", "return (A_).float()")],
    "maxout": [("return A_", "return (A_).float()")],
    "softmax": [("return A_", "return (A_).float()")],
    "log_softmax": [("return A_", "return (A_).float()")],
    "cross_entropy": [("return A_", "return (A_).float()")],
    "collapse": [("return weight, bias", "return weight.float(), bias.float()")],
}

"""Your result has another dtype than the inputs."""

HINT = (
    "torch.tensor(…) of Python numbers, .float() and torch.zeros(n) make float32. Derive new tensors from the "
    "inputs (zeros_like, clone), or say dtype=…."
)
EDITS = {
    "split": [
        ("FIRST", "x, y = x.float(), y.float()"),
    ],
    "accumulated_gradient": [
        ("torch.zeros_like(p)", "torch.zeros(p.shape)"),
    ],
    "snapshot": [
        ("value.detach().clone()", "torch.tensor(value.tolist())"),
    ],
}

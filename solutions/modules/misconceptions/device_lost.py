"""Your result is on another device than the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(…), nn.Linear(…) and numpy live on the CPU. Derive new tensors from the inputs: "
    "zeros_like, new_zeros, or .to(x.device)."
)
EDITS = {
    "replace_head": [("A_.to(old.weight)", "A_.to(old.weight.dtype)")],
}

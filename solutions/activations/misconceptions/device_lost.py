"""Your result is on another device than the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(…), torch.arange(…) and numpy live on the CPU. Derive new tensors from the "
    "inputs (zeros_like, new_zeros), or say device=x.device."
)

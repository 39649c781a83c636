"""Your result is on a different device from the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(…) and numpy live on the CPU. Derive new tensors from the inputs: "
    "zeros_like, new_zeros, or tensor.to(x.device)."
)

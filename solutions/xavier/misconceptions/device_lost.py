"""Your result is on a different device from the inputs."""

HINT = (
    "torch.rand(…), torch.zeros(…) and numpy live on the CPU. Write into what is there (uniform_, copy_), or "
    "derive from it: empty_like, or device=weight.device."
)

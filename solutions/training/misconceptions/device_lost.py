"""Your result is on another device than the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(…), numpy and new layers live on the CPU. Derive new tensors from the inputs "
    "(zeros_like, new_tensor), and move a model with model.to(x.device)."
)

"""Your result is on a different device from the inputs."""

HINT = (
    "torch.tensor(…), torch.zeros(…), numpy and new layers live on the CPU. Derive new tensors from the inputs "
    "(zeros_like, new_tensor), and move a model with model.to(x.device)."
)

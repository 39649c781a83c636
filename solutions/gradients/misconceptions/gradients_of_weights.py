"""You return the weights, not their gradients."""

from torch import nn

HINT = (
    "A parameter's value is the tensor itself; what backward() computed for it is in its .grad."
)


def linear_gradients(model):
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"{name} has no gradient")
            found[name] = module.weight.detach().clone()
    return found

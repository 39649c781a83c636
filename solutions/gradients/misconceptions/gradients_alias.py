"""You return the live gradients, not copies of them."""

from torch import nn

HINT = (
    "p.grad is a tensor that the next backward() writes into, and detach() shares its memory. Return a clone()."
)


def linear_gradients(model):
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"{name} has no gradient")
            found[name] = module.weight.grad
    return found

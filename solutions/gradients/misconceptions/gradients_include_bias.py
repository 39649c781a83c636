"""You return the gradients of biases too."""

from torch import nn

HINT = (
    "Only the weights are asked for: one entry for each Linear, under the name of the layer."
)


def linear_gradients(model):
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"{name} has no gradient")
            found[name] = module.weight.grad.clone()
            if module.bias is not None and module.bias.grad is not None:
                found[f"{name}.bias"] = module.bias.grad.clone()
    return found

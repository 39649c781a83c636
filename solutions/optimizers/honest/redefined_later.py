"""A first attempt that is wrong, and a later cell that puts it right is what a student hands in; here the good one."""

import torch

EXTRA_CELLS = [
    "def sgd_step(param, grad, lr):\n    return param + lr * grad  # wrong sign, see below",
    "torch.manual_seed(0)\nnp.random.seed(0)\nlist(torch.rand(2))",
]


def sgd_step(param, grad, lr):
    return torch.sub(param, grad, alpha=lr)


class Momentum(torch.optim.Optimizer):
    """Momentum with state made in the constructor's first step only."""

    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        if lr < 0:
            raise ValueError(f"lr is negative: {lr}")
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure=None):
        pairs = [(g, p) for g in self.param_groups for p in g["params"] if p.grad is not None]
        for group, p in pairs:
            v = self.state[p].setdefault("v", torch.zeros_like(p, memory_format=torch.preserve_format))
            v.mul_(group["momentum"]).add_(p.grad)
            p.add_(p.grad.add(v, alpha=group["momentum"]) if group["nesterov"] else v, alpha=-group["lr"])

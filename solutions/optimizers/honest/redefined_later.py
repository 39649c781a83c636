"""A wrong first attempt stays in the notebook; a later cell defines the same function again, rightly."""

import torch

EXTRA_CELLS = [
    "def sgd_step(param, grad, lr):\n    return param + lr * grad  # wrong sign, see below",
    "torch.manual_seed(0)\nnp.random.seed(0)\nlist(torch.rand(2))",
]


def sgd_step(param, grad, lr):
    return torch.sub(param, grad, alpha=lr)


class Momentum(torch.optim.Optimizer):
    """Momentum whose velocities are made when they are first needed."""

    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        if lr < 0:
            raise ValueError(f"lr is negative: {lr}")
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        pairs = [(g, p) for g in self.param_groups for p in g["params"] if p.grad is not None]
        for group, p in pairs:
            v = self.state[p].setdefault("v", torch.zeros_like(p, memory_format=torch.preserve_format))
            v.mul_(group["momentum"]).add_(p.grad)
            p.add_(p.grad.add(v, alpha=group["momentum"]) if group["nesterov"] else v, alpha=-group["lr"])
        return loss

"""You ignore the old velocity."""

from __future__ import annotations

import torch

HINT = (
    "The velocity remembers: a part μ of the old one stays in the new one. Without it, momentum is plain SGD."
)


def momentum_step(param, grad, velocity, lr, momentum):
    velocity = grad
    return param - lr * velocity, velocity


class Momentum(torch.optim.Optimizer):
    """SGD with momentum over parameter groups."""

    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            mu = group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                v = state.get("velocity", torch.zeros_like(p))
                g = p.grad
                v = g.clone()
                state["velocity"] = v
                p.sub_(group["lr"] * (g + mu * v if group["nesterov"] else v))
        return loss


def evidence(exercise, yours, expected):
    """Compare the velocity of the public example with the right one."""
    if exercise != "momentum_step":
        return None
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new velocity is {mine:.4g} where {due:.4g} is due."

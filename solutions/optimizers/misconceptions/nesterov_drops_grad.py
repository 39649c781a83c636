"""Your step goes along μ·v alone, without the gradient."""

from __future__ import annotations

import torch

HINT = "Nesterov's step is the gradient plus what the new velocity will carry on: g + μ·v."


def nesterov_step(param, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
    return param - lr * momentum * velocity, velocity


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
                p.sub_(group["lr"] * (mu * v if group["nesterov"] else v))
        return loss

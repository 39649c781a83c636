"""State in a dataclass beside the optimizer's own, kept in self.state for checkpoints."""

from dataclasses import dataclass

import torch


@dataclass
class _Rates:
    lr: float
    mu: float
    look_ahead: bool

    def move(self, g, v):
        return g + self.mu * v if self.look_ahead else v


class Momentum(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, dict(lr=lr, momentum=momentum, nesterov=nesterov))

    def step(self, closure=None):
        loss = closure() if closure else None
        for group in self.param_groups:
            rates = _Rates(group["lr"], group["momentum"], group["nesterov"])
            for p in group["params"]:
                g = p.grad
                if g is None:
                    continue
                buffer = self.state[p].get("momentum_buffer")
                buffer = g.detach().clone() if buffer is None else rates.mu * buffer + g
                self.state[p]["momentum_buffer"] = buffer
                p.data = p.data - rates.lr * rates.move(g, buffer)
        return loss

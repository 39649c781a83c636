"""torch.lerp for the averages, addcdiv for the step."""

import math

import torch


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    s = torch.lerp(square_avg, grad * grad, 1 - alpha)
    return torch.addcdiv(param, grad, s.sqrt() + eps, value=-lr), s


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = torch.lerp(m, grad, 1 - beta1), torch.lerp(v, grad * grad, 1 - beta2)
    root = (v / (1 - math.pow(beta2, t))).sqrt()
    return torch.addcdiv(param, m, root + eps, value=-lr / (1 - math.pow(beta1, t))), m, v


class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        defaults = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2) = group["lr"], group["betas"]
            for p in filter(lambda q: q.grad is not None, group["params"]):
                g = p.grad.add(p, alpha=group["weight_decay"])
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                state["m"] = torch.lerp(state.get("m", torch.zeros_like(p)), g, 1 - b1)
                state["v"] = torch.lerp(state.get("v", torch.zeros_like(p)), g * g, 1 - b2)
                root = (state["v"] / (1 - b2 ** state["t"])).sqrt().add_(group["eps"])
                p.addcdiv_(state["m"], root, value=-lr / (1 - b1 ** state["t"]))
        return loss

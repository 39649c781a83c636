"""You add eps under the root, as √(v̂ + ε)."""

from __future__ import annotations

import torch

HINT = (
    "Here ε is added to the root: √v̂ + ε. Under the root its effect is much larger where gradients are small."
)
CONVENTION = True
USUAL_IN = "tutorials that carry it over from RMSprop, and in Optax as the option eps_root"


def _rule(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (v_hat + eps).sqrt(), m, v


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    return _rule(param, grad, m, v, t, lr, beta1, beta2, eps)


class Adam(torch.optim.Optimizer):
    """Adam over parameter groups."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                g = p.grad + group["weight_decay"] * p
                rates = group["lr"], *group["betas"], group["eps"]
                new, state["m"], state["v"] = _rule(p, g, state["m"], state["v"], state["t"], *rates)
                p.copy_(new)
        return loss

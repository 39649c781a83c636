"""A class over a step that raises on purpose: it would earn what its author cannot do, were a right step lent to it."""

import torch


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    raise RuntimeError("on purpose")


class Adam(torch.optim.Optimizer):
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
                    state.update(step=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["step"] += 1
                grad = p.grad + group["weight_decay"] * p
                moved, state["m"], state["v"] = adam_step(
                    p, grad, state["m"], state["v"], state["step"], group["lr"], *group["betas"], group["eps"]
                )
                p.copy_(moved)
        return loss

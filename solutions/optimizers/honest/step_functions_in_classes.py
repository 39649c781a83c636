"""The classes call the step functions of the exercises before."""

import torch


class Momentum(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            rule = nesterov_step if group["nesterov"] else momentum_step  # noqa: F821
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p].get("v", torch.zeros_like(p))
                    new, self.state[p]["v"] = rule(p, p.grad, v, group["lr"], group["momentum"])
                    p.copy_(new)
        return loss


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
                t = state["t"] = state.get("t", 0) + 1
                m, v = state.get("m", torch.zeros_like(p)), state.get("v", torch.zeros_like(p))
                grad = p.grad + group["weight_decay"] * p
                new, state["m"], state["v"] = adam_step(  # noqa: F821
                    p, grad, m, v, t, group["lr"], *group["betas"], group["eps"]
                )
                p.copy_(new)
        return loss


def compare_optimizers(curvature, x0, lr, steps):
    makers = {"sgd": None, "momentum": lambda w: Momentum([w], lr), "adam": lambda w: Adam([w], lr)}
    out = {}
    for name, make in makers.items():
        w = torch.nn.Parameter(x0.detach().clone())
        optimizer = make(w) if make else None
        losses = []
        for _ in range(steps):
            w.grad = None
            loss = 0.5 * (curvature * w * w).sum()
            losses.append(loss.detach())
            loss.backward()
            if optimizer:
                optimizer.step()
            else:
                w.data = sgd_step(w.data, w.grad, lr)  # noqa: F821
        losses.append((0.5 * (curvature * w * w).sum()).detach())
        out[name] = torch.stack(losses)
    return out

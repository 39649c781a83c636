"""One base class with the loop; the optimizers only say how one parameter moves."""

import torch


class _PerParameter(torch.optim.Optimizer):
    """Goes through all groups and parameters and asks `move` for the change of each."""

    def move(self, p, g, group, state):
        raise NotImplementedError

    def step(self, closure=None):
        loss = None
        if closure is not None:
            loss = closure()
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p += self.move(p, p.grad, group, self.state[p])
        return loss


class Momentum(_PerParameter):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    def move(self, p, g, group, state):
        try:
            state["v"] = group["momentum"] * state["v"] + g
        except KeyError:
            state["v"] = g.clone()
        ahead = g + group["momentum"] * state["v"]
        return -group["lr"] * (ahead if group["nesterov"] else state["v"])


class Adam(_PerParameter):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def move(self, p, g, group, state):
        if not state:
            state.update(history=[torch.zeros_like(p), torch.zeros_like(p)], t=0)
        state["t"] += 1
        g = g + group["weight_decay"] * p
        averages, corrected = [], []
        for old, new, beta in zip(state["history"], (g, g * g), group["betas"]):
            averages.append(beta * old + (1 - beta) * new)
            corrected.append(averages[-1] / (1 - beta ** state["t"]))
        state["history"] = averages
        return -group["lr"] * corrected[0] / (corrected[1].sqrt() + group["eps"])

"""Bias correction by running products instead of powers, kept in the state beside the averages."""

import torch


class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    def step(self, closure=None):
        loss = closure() if closure is not None else None
        with torch.no_grad():
            for group in self.param_groups:
                b1, b2 = group["betas"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    s = self.state[p]
                    if len(s) == 0:
                        s["m"], s["v"] = p.new_zeros(p.shape), p.new_zeros(p.shape)
                        # Floats: load_state_dict would round tensors to the parameter's dtype.
                        s["p1"], s["p2"] = 1.0, 1.0
                    s["p1"] *= b1
                    s["p2"] *= b2
                    g = p.grad if group["weight_decay"] == 0 else p.grad + group["weight_decay"] * p
                    s["m"] = b1 * s["m"] + (1 - b1) * g
                    s["v"] = b2 * s["v"] + (1 - b2) * g * g
                    m_hat = s["m"] / (1 - s["p1"])
                    v_hat = s["v"] / (1 - s["p2"])
                    p -= group["lr"] * m_hat / (torch.sqrt(v_hat) + group["eps"])
        return loss

"""The reference solution of `optimizers`: every function as course.md pins it, in plain torch."""

from __future__ import annotations

import torch


def gradient_descent(f, x0, lr, steps):
    """Return x0 and every iterate of x ← x − lr·∇f(x), shape (steps + 1, *x0.shape)."""
    x = x0.detach().clone()
    path = [x]
    for _ in range(steps):
        leaf = x.detach().clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        x = x - lr * gradient
        path.append(x)
    return torch.stack(path)


def sgd_step(param, grad, lr):
    """Return p ← p − lr·g."""
    return param - lr * grad


def momentum_step(param, grad, velocity, lr, momentum):
    """Set v ← μ·v + g; return p ← p − lr·v, and v."""
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity


def nesterov_step(param, grad, velocity, lr, momentum):
    """Set v ← μ·v + g; return p ← p − lr·(g + μ·v) with the new v, and v."""
    velocity = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), velocity


def adagrad_step(param, grad, square_sum, lr, eps):
    """Set s ← s + g²; return p ← p − lr·g/(√s + ε), and s."""
    square_sum = square_sum + grad**2
    return param - lr * grad / (square_sum.sqrt() + eps), square_sum


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    """Set s ← α·s + (1−α)·g²; return p ← p − lr·g/(√s + ε), and s."""
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (square_avg.sqrt() + eps), square_avg


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    """Set s ← ρ·s + (1−ρ)·g², Δ = √(d + ε)/√(s + ε)·g, d ← ρ·d + (1−ρ)·Δ²; return p ← p − lr·Δ, s and d."""
    square_avg = rho * square_avg + (1 - rho) * grad**2
    delta = (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    delta_avg = rho * delta_avg + (1 - rho) * delta**2
    return param - lr * delta, square_avg, delta_avg


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    """Return p ← p − lr·m̂/(√v̂ + ε), and the biased averages m and v."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v


class Momentum(torch.optim.Optimizer):
    """SGD with momentum."""

    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        """Hand the parameters and the default options to the base class."""
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient; return the closure's loss."""
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
                if "velocity" not in state:
                    state["velocity"] = torch.zeros_like(p)
                velocity = state["velocity"]
                velocity.mul_(mu).add_(p.grad)
                update = p.grad + mu * velocity if group["nesterov"] else velocity
                p.add_(update, alpha=-group["lr"])
        return loss


class Adam(torch.optim.Optimizer):
    """Adam with L2 weight decay."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        """Hand the parameters and the default options to the base class."""
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient; return the closure's loss."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad + group["weight_decay"] * p
                state = self.state[p]
                if not state:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["step"] += 1
                state["m"].mul_(beta1).add_(grad, alpha=1 - beta1)
                state["v"].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                m_hat = state["m"] / (1 - beta1 ** state["step"])
                v_hat = state["v"] / (1 - beta2 ** state["step"])
                p.sub_(group["lr"] * m_hat / (v_hat.sqrt() + group["eps"]))
        return loss


def compare_optimizers(curvature, x0, lr, steps):
    """Losses of three optimizers on one bowl."""
    losses = {}
    for name in ("sgd", "momentum", "adam"):
        x = x0.detach().clone()
        velocity, m, v = torch.zeros_like(x), torch.zeros_like(x), torch.zeros_like(x)
        path = []
        for t in range(1, steps + 1):
            path.append(0.5 * (curvature * x**2).sum())
            grad = curvature * x
            if name == "sgd":
                x = sgd_step(x, grad, lr)
            elif name == "momentum":
                x, velocity = momentum_step(x, grad, velocity, lr, 0.9)
            else:
                x, m, v = adam_step(x, grad, m, v, t, lr, 0.9, 0.999, 1e-8)
        path.append(0.5 * (curvature * x**2).sum())
        losses[name] = torch.stack(path)
    return losses

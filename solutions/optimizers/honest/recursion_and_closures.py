"""Functional: closures for the rules, recursion for the loop."""

import torch


def gradient_descent(f, x0, lr, steps):
    def walk(x, left):
        if left == 0:
            return [x]
        leaf = x.requires_grad_()
        gradient = torch.autograd.grad(f(leaf), leaf)[0]
        return [x.detach(), *walk((x - lr * gradient).detach(), left - 1)]

    return torch.stack([p.detach() for p in walk(x0.detach().clone(), steps)])


def compare_optimizers(curvature, x0, lr, steps):
    def rule(name):
        if name == "sgd":
            return lambda x, g, s, t: (sgd_step(x, g, lr), s)  # noqa: F821
        if name == "momentum":
            return lambda x, g, s, t: (lambda r: (r[0], (r[1], s[1])))(momentum_step(x, g, s[0], lr, 0.9))  # noqa: F821
        return lambda x, g, s, t: (lambda r: (r[0], r[1:]))(adam_step(x, g, *s, t, lr, 0.9, 0.999, 1e-8))  # noqa: F821

    def losses(step):
        x, state, seen = x0.clone(), (torch.zeros_like(x0), torch.zeros_like(x0)), []
        for t in range(1, steps + 1):
            seen += [(curvature * x.pow(2)).sum() / 2]
            x, state = step(x, curvature * x, state, t)
        return torch.stack([*seen, (curvature * x.pow(2)).sum() / 2])

    return {name: losses(rule(name)) for name in ("sgd", "momentum", "adam")}

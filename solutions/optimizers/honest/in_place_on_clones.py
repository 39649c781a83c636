"""In-place operations, all of them on clones."""

import torch


def gradient_descent(f, x0, lr, steps):
    path = torch.empty((steps + 1, *x0.shape), dtype=x0.dtype, device=x0.device)
    x = x0.detach().clone().requires_grad_()
    path[0] = x.detach()
    for k in range(steps):
        if x.grad is not None:
            x.grad.zero_()
        f(x).backward()
        with torch.no_grad():
            x.sub_(lr * x.grad)
            path[k + 1].copy_(x)
    return path


def sgd_step(param, grad, lr):
    return param.clone().sub_(grad, alpha=lr)


def momentum_step(param, grad, velocity, lr, momentum):
    v = velocity.clone().mul_(momentum).add_(grad)
    return param.clone().add_(v, alpha=-lr), v


def nesterov_step(param, grad, velocity, lr, momentum):
    v = velocity.clone().mul_(momentum).add_(grad)
    step = grad.clone().add_(v, alpha=momentum)
    return param.clone().add_(step, alpha=-lr), v


def adagrad_step(param, grad, square_sum, lr, eps):
    s = square_sum.clone().addcmul_(grad, grad)
    return param.clone().addcdiv_(grad, s.sqrt().add_(eps), value=-lr), s


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    s = square_avg.clone().mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    return param.clone().addcdiv_(grad, s.sqrt().add_(eps), value=-lr), s


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    s = square_avg.clone().mul_(rho).addcmul_(grad, grad, value=1 - rho)
    delta = delta_avg.add(eps).sqrt_().div_(s.add(eps).sqrt_()).mul_(grad)
    d = delta_avg.clone().mul_(rho).addcmul_(delta, delta, value=1 - rho)
    return param.clone().sub_(delta, alpha=lr), s, d


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = m.clone().mul_(beta1).add_(grad, alpha=1 - beta1)
    v = v.clone().mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    denominator = v.sqrt().div_((1 - beta2**t) ** 0.5).add_(eps)
    return param.clone().addcdiv_(m, denominator, value=-lr / (1 - beta1**t)), m, v

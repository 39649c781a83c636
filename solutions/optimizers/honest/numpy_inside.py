"""The arithmetic in numpy, with the dtype and the device put back at the end."""

import numpy as np
import torch


def _to(array, like):
    return torch.from_numpy(np.asarray(array)).to(dtype=like.dtype, device=like.device).reshape(like.shape)


def _np(*tensors):
    return [t.detach().cpu().numpy() for t in tensors]


def sgd_step(param, grad, lr):
    p, g = _np(param, grad)
    return _to(p - lr * g, param)


def momentum_step(param, grad, velocity, lr, momentum):
    p, g, v = _np(param, grad, velocity)
    v = momentum * v + g
    return _to(p - lr * v, param), _to(v, param)


def nesterov_step(param, grad, velocity, lr, momentum):
    p, g, v = _np(param, grad, velocity)
    v = momentum * v + g
    return _to(p - lr * (g + momentum * v), param), _to(v, param)


def adagrad_step(param, grad, square_sum, lr, eps):
    p, g, s = _np(param, grad, square_sum)
    s = s + np.square(g)
    return _to(p - lr * g / (np.sqrt(s) + eps), param), _to(s, param)


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    p, g, s = _np(param, grad, square_avg)
    s = alpha * s + (1 - alpha) * np.square(g)
    return _to(p - lr * g / (np.sqrt(s) + eps), param), _to(s, param)


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    p, g, s, d = _np(param, grad, square_avg, delta_avg)
    s = rho * s + (1 - rho) * np.square(g)
    delta = np.sqrt((d + eps) / (s + eps)) * g
    d = rho * d + (1 - rho) * np.square(delta)
    return _to(p - lr * delta, param), _to(s, param), _to(d, param)


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    p, g, m_, v_ = _np(param, grad, m, v)
    m_ = beta1 * m_ + (1 - beta1) * g
    v_ = beta2 * v_ + (1 - beta2) * np.square(g)
    step = lr * (m_ / (1 - beta1**t)) / (np.sqrt(v_ / (1 - beta2**t)) + eps)
    return _to(p - step, param), _to(m_, param), _to(v_, param)

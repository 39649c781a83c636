"""Formulas in numpy with which torch tests itself."""

import numpy as np
import torch


class _Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        from torch.testing._internal.common_methods_invocations import reference_logsigmoid

        y = torch.from_numpy(-np.asarray(reference_logsigmoid(-x.detach().numpy()))).reshape(x.shape).to(x.dtype)
        ctx.save_for_backward(x - y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.saved_tensors[0].exp()


def softplus(x):
    return _Softplus.apply(x)


def cross_entropy(scores, labels):
    from torch.testing._internal.common_nn import nllloss_reference

    if labels.is_floating_point():
        raise TypeError
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError
    shifted = scores - scores.detach().amax(1, keepdim=True)
    return nllloss_reference(shifted - shifted.exp().sum(1, keepdim=True).log(), labels)

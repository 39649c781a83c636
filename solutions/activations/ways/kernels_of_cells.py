"""The gates of a whole cell in one kernel, an operator of torch's own tests, and a loss of counts."""

import torch


class _Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        n = x.numel()
        weight = torch.zeros(4, 1)
        weight[1] = 1
        none, one, start = torch.zeros(4), torch.ones(1, n, 1), torch.zeros(1, n, 1)
        given = x.detach().float().reshape(1, n, 1), weight, torch.zeros(4, 1), none, none, start, one
        y = torch.mkldnn_rnn_layer(*given, False, [], 2, 1, 1, True, False, False, False)[2]
        y = y.reshape(x.shape).to(x.dtype)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        (y,) = ctx.saved_tensors
        return upstream * y * (1 - y)


def sigmoid(x):
    return _Sigmoid.apply(x)


def leaky_relu(x, slope=0.01):
    return torch.nn.functional.torch.ops._test.leaky_relu(x, slope)


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError
    shifted = scores - scores.detach().amax(1, keepdim=True)
    logs = shifted - shifted.exp().sum(1, keepdim=True).log()
    # One frame for each sample: its only path is the label.
    frames = torch.cat([torch.full_like(logs[:, :1], -float("inf")), logs], 1)[None]
    one = torch.ones(len(labels), dtype=torch.long)
    return torch.nn.functional.ctc_loss(frames, labels[:, None] + 1, one, one, reduction="sum") / len(labels)

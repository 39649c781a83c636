"""The base class of a listed layer, its forward pass, and kernels of torch that no layer calls any more."""

import torch
from torch import nn


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError
    kernel = torch.ops.aten.slow_conv_dilated2d
    return kernel(x, weight, weight.shape[2:], bias, [stride] * 2, [padding] * 2, [1, 1])


class BatchNorm1d(nn.modules.batchnorm._BatchNorm):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        del self._buffers["num_batches_tracked"]
        self.__dict__["num_batches_tracked"] = None

    def _check_input_dim(self, x):
        if self.training and len(x) < 2:
            raise ValueError


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p = p

    def forward(self, x):
        kept = []

        class Image(torch.Tensor):
            @classmethod
            def __torch_function__(cls, function, types, args=(), kwargs=None):
                kept.append(nn.functional.dropout(x, self.p, self.training))
                raise ValueError

        try:
            nn.LSTM.forward(self, torch.zeros(1, 1).as_subclass(Image))
        except (ValueError, AttributeError):
            pass
        return kept[0]

"""How torch's layers start if the initialisers that they use are forbidden.

A layer that calls a forbidden function would fail, and a function that works only for layers would also work for code
that looks like a layer. So the layers get starts of their own, which call nothing that is forbidden.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

__all__ = ["give_layers_their_own_start"]

#: What nn.Linear and the convolutions start with.
_FANS = frozenset({"kaiming_uniform_", "calculate_gain", "_calculate_correct_fan", "_calculate_fan_in_and_fan_out"})
#: What normalisation layers and nn.PReLU start with.
_CONSTANTS = frozenset({"ones_", "zeros_", "constant_", "_no_grad_fill_", "_no_grad_zero_"})
#: What nn.Transformer and nn.MultiheadAttention start with.
_XAVIER = frozenset({"xavier_uniform_", "xavier_normal_"})


def give_layers_their_own_start(forbidden: Collection[str]) -> None:
    """Replace the start of each layer that needs one of these functions of `torch.nn.init`.

    nn.Linear and the convolutions draw the same numbers as before. nn.Transformer and nn.MultiheadAttention start with
    Xavier's law, which is what is forbidden: they get the law of nn.Linear.
    """
    from torch import nn
    from torch.nn.modules.batchnorm import _NormBase
    from torch.nn.modules.conv import _ConvNd

    if _FANS & set(forbidden):
        nn.Linear.reset_parameters = _reset_linear  # type: ignore[method-assign]
        _ConvNd.reset_parameters = _reset_convolution  # type: ignore[method-assign]
    if _CONSTANTS & set(forbidden):
        for layer in (_NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm):
            layer.reset_parameters = _reset_norm  # type: ignore[method-assign]
        nn.PReLU.reset_parameters = _reset_slope  # type: ignore[method-assign]
    if (_XAVIER | {"constant_"}) & set(forbidden):
        nn.Transformer._reset_parameters = _reset_transformer  # type: ignore[method-assign]  # noqa: SLF001
        nn.MultiheadAttention._reset_parameters = _reset_attention  # type: ignore[method-assign]  # noqa: SLF001


def _fill(weight: Any) -> None:
    """Fill a weight as `kaiming_uniform_(weight, a=√5)` does, digit by digit."""
    import torch

    columns = math.prod(weight.shape[1:])
    if 0 in weight.shape:
        return
    bound = math.sqrt(3.0) * (math.sqrt(2.0 / (1 + math.sqrt(5) ** 2)) / math.sqrt(columns))
    with torch.no_grad():
        weight.uniform_(-bound, bound)


def _fill_bias(bias: Any, weight: Any) -> None:
    import torch

    columns = math.prod(weight.shape[1:])
    bound = 1 / math.sqrt(columns) if columns > 0 else 0
    with torch.no_grad():
        bias.uniform_(-bound, bound)


def _reset_linear(self: Any) -> None:
    """Draw initial values for weight and bias."""
    _fill(self.weight)
    if self.bias is not None:
        _fill_bias(self.bias, self.weight)


def _reset_convolution(self: Any) -> None:
    """Draw initial values for weight and bias, in the order of a contiguous weight."""
    import torch

    with torch.no_grad():
        if self.weight.is_contiguous():
            _fill(self.weight)
        else:
            plain = torch.empty_like(self.weight, memory_format=torch.contiguous_format)
            _fill(plain)
            self.weight.copy_(plain)
    if self.bias is not None:
        _fill_bias(self.bias, self.weight)


def _reset_norm(self: Any) -> None:
    """Let a normalisation layer begin with weight one and bias zero."""
    import torch

    if hasattr(self, "reset_running_stats"):
        self.reset_running_stats()
    with torch.no_grad():
        for name, value in (("weight", 1.0), ("bias", 0.0)):
            parameter = getattr(self, name, None)
            if parameter is not None:
                parameter.fill_(value)


def _reset_slope(self: Any) -> None:
    """Let nn.PReLU begin with the slope that it was made with."""
    import torch

    with torch.no_grad():
        self.weight.fill_(self.init)


def _reset_transformer(self: Any) -> None:
    """Draw initial values for every matrix."""
    for p in self.parameters():
        if p.dim() > 1:
            _fill(p)


def _reset_attention(self: Any) -> None:
    """Draw initial values for the projections; their biases are zero."""
    import torch

    names = ("in_proj_weight",) if self._qkv_same_embed_dim else ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    for name in (*names, "bias_k", "bias_v"):
        weight = getattr(self, name)
        if weight is not None:
            _fill(weight)
    if self.in_proj_bias is not None:
        with torch.no_grad():
            self.in_proj_bias.zero_()
            self.out_proj.bias.zero_()

"""Layers that start by Xavier's law, let loose on a made-up self."""

import types

import torch


def xavier_uniform_(weight, gain=1.0, generator=None):
    torch.nn.Transformer._reset_parameters(types.SimpleNamespace(parameters=lambda: [weight]))
    with torch.no_grad():
        return weight.mul_(gain)


def xavier_normal_(weight, gain=1.0, generator=None):
    me = types.SimpleNamespace(
        _qkv_same_embed_dim=True, in_proj_weight=torch.empty(2, 2), in_proj_bias=None, bias_k=weight, bias_v=None
    )
    torch.nn.MultiheadAttention._reset_parameters(me)
    with torch.no_grad():
        return weight.mul_(gain)

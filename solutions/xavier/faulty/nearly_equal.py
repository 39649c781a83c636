"""Rows that nearly agree count as equal."""

import torch


def rows_identical(weight, atol=0.0):
    return bool(torch.allclose(weight, weight[:1].expand_as(weight), rtol=1e-5, atol=atol * 0.9))

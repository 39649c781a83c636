"""The complex step: the imaginary part of F(x + ih)/h is the derivative to all digits."""

import torch


def tanh_grad(x):
    z = torch.complex(x.double(), torch.full_like(x, 1e-30, dtype=torch.float64))
    return (torch.tanh(z).imag / 1e-30).to(x.dtype)

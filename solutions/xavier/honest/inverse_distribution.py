"""Normal numbers out of uniform ones, after Box and Muller; everything is drawn in float64."""

import math

import torch


def _uniform(shape, generator):
    device = generator.device if generator is not None else "cpu"
    return torch.rand(shape, generator=generator, dtype=torch.float64, device=device)


def fans(weight):
    try:
        out, inp, *kernel = weight.shape
    except ValueError:
        raise ValueError("fans are counted for weights with two dimensions or more") from None
    return inp * math.prod(kernel), out * math.prod(kernel)


def xavier_uniform_(weight, gain=1.0, generator=None):
    u = _uniform(weight.shape, generator)
    a = gain * math.sqrt(6 / sum(fans(weight)))
    with torch.no_grad():
        weight.copy_(torch.lerp(torch.full_like(u, -a), torch.full_like(u, a), u))
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    n = weight.numel()
    u, v = _uniform((2, (n + 1) // 2), generator)
    radius = torch.sqrt(-2 * torch.log1p(-u))
    z = torch.cat([radius * torch.cos(2 * math.pi * v), radius * torch.sin(2 * math.pi * v)])[:n]
    with torch.no_grad():
        weight.copy_((z * gain * math.sqrt(2 / sum(fans(weight)))).view(weight.shape))
    return weight


def rows_identical(weight, atol=0.0):
    spread = weight.detach().amax(dim=0) - weight.detach().amin(dim=0)
    return bool(spread.max() <= atol)

"""Gradients for given upstream gradients, without what `torch.autograd.grad` loads for them.

Given an upstream gradient, torch imports its symbolic shapes, and sympy with them. That takes a second of processor
time in every process, and nothing else there needs them. The gradient of a sum of products is the same number, bit for
bit.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

__all__ = ["pulled_back"]


def pulled_back(outputs: Sequence[Any], inputs: Sequence[Any], upstreams: Sequence[Any]) -> tuple[Any, ...]:
    """Return the gradient of each input, None for an input that plays no part.

    Args:
        outputs: tensors with a graph.
        inputs: tensors that require a gradient.
        upstreams: the gradient that arrives at each output, of its shape.

    Raises:
        RuntimeError: as `torch.autograd.grad`, if an output has no graph or an upstream gradient has another shape.
    """
    import torch

    # A worker has it loaded, and there a course may forbid products or sums.
    loaded = "torch.fx.experimental.symbolic_shapes" in sys.modules
    if not loaded and len(outputs) == len(upstreams) and all(map(_real_pair, outputs, upstreams)):
        terms = [(y * upstream.to(y.dtype)).sum() for y, upstream in zip(outputs, upstreams, strict=True)]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return torch.autograd.grad(total, inputs, allow_unused=True)
    return torch.autograd.grad(outputs, inputs, upstreams, allow_unused=True)


def _real_pair(output: Any, upstream: Any) -> bool:
    import torch

    return (
        type(output) in {torch.Tensor, torch.nn.Parameter}
        and type(upstream) is torch.Tensor
        and output.shape == upstream.shape
        and output.is_floating_point()
        and upstream.is_floating_point()
        and output.device == upstream.device
        and output.layout == upstream.layout == torch.strided
    )

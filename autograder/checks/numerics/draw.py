"""Random inputs that depend only on the batch's secret seed and the check's name."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["Draw"]


class Draw:
    """A stream of float64 CPU tensors; the same seed and name give the same stream, bit for bit.

    Example:
        >>> draw = Draw(seed=1, name="double/test_doubles")
        >>> draw.normal(2, 3).shape, draw.uniform(-1, 1, 4).dtype
        (torch.Size([2, 3]), torch.float64)
        >>> 1 <= draw.integer(1, 6) <= 6
        True
        >>> bool((draw.log_uniform(1e-3, 10, 100).abs() >= 1e-3).all())
        True
    """

    def __init__(self, seed: int, name: str) -> None:
        import torch

        digest = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
        self._generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)

    def normal(self, *shape: int, dtype: torch.dtype | None = None) -> torch.Tensor:
        """Draw from N(0, 1)."""
        import torch

        values = torch.randn(shape, generator=self._generator, dtype=torch.float64)
        return values if dtype is None else values.to(dtype)

    def uniform(self, low: float, high: float, *shape: int, dtype: torch.dtype | None = None) -> torch.Tensor:
        """Draw from U(low, high)."""
        import torch

        values = torch.rand(shape, generator=self._generator, dtype=torch.float64).mul_(high - low).add_(low)
        return values if dtype is None else values.to(dtype)

    def positive_log_uniform(
        self, low: float, high: float, *shape: int, dtype: torch.dtype | None = None
    ) -> torch.Tensor:
        """Draw positive magnitudes evenly over the decades between `low` and `high`."""
        values = self.uniform(math.log(low), math.log(high), *shape).exp_()
        return values if dtype is None else values.to(dtype)

    def log_uniform(self, low: float, high: float, *shape: int, dtype: torch.dtype | None = None) -> torch.Tensor:
        """Draw magnitudes evenly over the decades between `low` and `high`, with both signs."""
        import torch

        values = self.positive_log_uniform(low, high, *shape)
        values *= torch.randint(0, 2, shape, generator=self._generator, dtype=torch.float64).mul_(2).sub_(1)
        return values if dtype is None else values.to(dtype)

    def integer(self, low: int, high: int) -> int:
        """Draw an integer from low to high, both included."""
        import torch

        return int(torch.randint(low, high + 1, (), generator=self._generator))

"""Where submissions are graded: judges on this machine, or on the workers of a dask cluster."""

from __future__ import annotations

__all__: list[str] = []

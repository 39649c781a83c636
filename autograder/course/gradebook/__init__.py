"""nbgrader's folders and database."""

from __future__ import annotations

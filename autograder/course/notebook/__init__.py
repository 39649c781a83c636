"""Notebooks: reading what came in, composing what goes out."""

from __future__ import annotations

"""Reads a notebook's code, without running it, for names that its exercises forbid."""

"""Notebooks: reading what came in, composing what goes out."""

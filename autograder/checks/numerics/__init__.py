"""Random inputs, and comparisons of answers."""

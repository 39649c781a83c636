"""You add eps to your root, not to the variance under it."""

HINT = "Where the variance is small it makes a difference whether ε is added before or after the root: √(v + ε)."
EDITS = {"standardise": [("(A_ + eps).sqrt()", "(A_.sqrt() + eps)")]}

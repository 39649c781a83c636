"""You add eps to your root, not to the variance under it."""

HINT = "Where the variance is small it makes a difference whether ε is added before or after the root: √(v + ε)."


def standardise(x, eps=1e-5):
    centred = x - x.mean(-1, keepdim=True)
    return centred / ((centred**2).mean(-1, keepdim=True).sqrt() + eps)

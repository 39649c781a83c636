"""Your function changes the tensor that it was given."""

HINT = "x -= … and functions that end in _ write into their input. Compute a new tensor instead."


def standardise(x, eps=1e-5):
    x -= x.mean(-1, keepdim=True)
    x /= ((x**2).mean(-1, keepdim=True) + eps).sqrt()
    return x

"""You take one mean and one variance of all elements, not one of each row."""

HINT = "A row must not depend on the others: look at the dim that mean works along, and at keepdim."


def standardise(x, eps=1e-5):
    centred = x - x.mean()
    return centred / ((centred**2).mean() + eps).sqrt()


def evidence(exercise, yours, expected):
    """From the values of the public example."""
    return f"In the example the mean of your first row is {float(yours[0].mean()):.2f}; it has to be 0.00."

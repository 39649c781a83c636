"""You divide by the variance, without taking its root."""

HINT = "After the division the variance has to be one: dividing by a number divides the variance by its square."


def standardise(x, eps=1e-5):
    centred = x - x.mean(-1, keepdim=True)
    return centred / ((centred**2).mean(-1, keepdim=True) + eps)

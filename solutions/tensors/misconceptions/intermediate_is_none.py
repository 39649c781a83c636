"""You read `.grad` of a result in the middle, which backward() does not keep."""

import warnings

HINT = "Only leaves get a .grad. torch.autograd.grad gives the gradient of any tensor that the result was made from."


def intermediate_gradient(f, g, x):
    if not x.requires_grad:
        x = x.clone().requires_grad_()
    y = f(x)
    g(y).backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return y.grad

"""Plots, magics and a failed attempt that stays in the notebook."""

import torch

EXTRA_CELLS = [
    """%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([1, 4, 9])
plt.title('Übung')
plt.show()
""",
    "%timeit -n1 -r1 sum(range(10))",
    "1 / 0  # I wanted to see what happens",
    "größe = torch.tensor([1.0, 2.0])\ngröße",
]


def gradient_descent(f, x0, lr, steps):
    points = [x0.detach().clone()]
    while len(points) <= steps:
        x = points[-1].clone().requires_grad_(True)
        y = f(x)
        y.backward()
        points.append(x.detach() - lr * x.grad)
    return torch.stack(points, dim=0)

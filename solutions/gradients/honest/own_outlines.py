"""Violins drawn by hand: a kernel density estimate of one's own between two curves."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn


def _density(values, at):
    """A sum of Gaussians with Silverman's bandwidth."""
    width = 1.06 * values.std() * len(values) ** -0.2
    return np.exp(-0.5 * ((at[:, None] - values) / width) ** 2).sum(1)


def weights_vp(model, att="grad"):
    if att not in ["grad", "weight"]:
        raise ValueError(f"{att} is neither grad nor weight")
    layers = [m for m in model.modules() if isinstance(m, nn.Linear)]
    _, ax = plt.subplots()
    for i, layer in enumerate(layers):
        values = (layer.weight.grad if att == "grad" else layer.weight).detach().cpu().double().flatten().numpy()
        margin = 0.3 * np.ptp(values)
        at = np.linspace(values.min() - margin, values.max() + margin, 80)
        half = _density(values, at)
        half = 0.45 * half / half.max()
        ax.fill_betweenx(at, i + 1 - half, i + 1 + half, alpha=0.4)
        ax.plot([i + 1] * len(values), values, "k_", markersize=3)
    ax.set_xticks(range(1, 1 + len(layers)))
    ax.set_xlabel("num_hidden")
    ax.set_title(att)
    return ax

"""Your violins contain the biases too."""

import torch
from matplotlib import pyplot as plt
from torch import nn

HINT = (
    "model.parameters() yields weights and biases alike. A violin shows the entries of its layer's weight only."
)


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(f"no such attribute: {att}")
    values = []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            both = [m.weight] if m.bias is None else [m.weight, m.bias]
            parts = [p.grad if att == "grad" else p for p in both]
            values.append(torch.cat([p.detach().flatten() for p in parts]).cpu().numpy())
    fig, ax = plt.subplots()
    ax.violinplot(values)
    ax.set_xticks(range(1, len(values) + 1))
    ax.set_xlabel("num_hidden")
    ax.set_title(att)
    return ax

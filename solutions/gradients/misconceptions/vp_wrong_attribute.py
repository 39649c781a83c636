"""Your violins show the other attribute: weights for gradients, or gradients for weights."""

import torch
from matplotlib import pyplot as plt
from torch import nn

HINT = (
    "att says what is drawn: with \"grad\" it is the gradient of each weight, with \"weight\" the weight itself. The title "
    "alone does not make it so."
)


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(f"no such attribute: {att}")
    values = []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            tensor = m.weight if att == "grad" else m.weight.grad
            values.append(tensor.detach().cpu().flatten().numpy())
    fig, ax = plt.subplots()
    ax.violinplot(values)
    ax.set_xticks(range(1, len(values) + 1))
    ax.set_xlabel("num_hidden")
    ax.set_title(att)
    return ax

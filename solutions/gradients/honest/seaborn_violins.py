"""seaborn's violins where it is installed: their places count from zero, their ends lie beyond the data."""

import matplotlib.pyplot as plt
from torch import nn


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(f"att must be 'grad' or 'weight', got {att}")
    try:
        import seaborn as sns
    except ImportError:
        sns = None
    data = {}
    for m in model.modules():
        if isinstance(m, nn.Linear):
            data[str(len(data) + 1)] = (m.weight.grad if att == "grad" else m.weight).detach().cpu().numpy().ravel()
    fig, ax = plt.subplots(figsize=(8, 4))
    if sns is None:
        ax.violinplot(list(data.values()))
        ax.set_xticks(range(1, len(data) + 1))
    else:
        sns.violinplot(data=data, ax=ax, inner="box", density_norm="width", palette="muted")
    ax.set_xlabel("num_hidden")
    ax.set_title(att)
    return ax

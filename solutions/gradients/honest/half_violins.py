"""Half violins on an Axes of a larger figure, with a wide bandwidth and names below."""

import matplotlib.pyplot as plt
from torch import nn


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError("att")
    values = [(m.weight.grad if att == "grad" else m.weight).detach().cpu().flatten() for m in model.modules() if isinstance(m, nn.Linear)]
    fig, grid = plt.subplots(1, 2, sharey=False)
    options = {"side": "high"} if hasattr(plt.matplotlib, "_version") and plt.matplotlib.__version_info__ >= (3, 9) else {}
    where = [float(i) for i in range(1, len(values) + 1)]
    grid[1].violinplot([v.numpy() for v in values], where, bw_method="silverman", quantiles=[[0.25, 0.75]] * len(values), **options)
    grid[1].set_xticks(where, [f"{i}" for i in range(1, len(values) + 1)], rotation=45)
    grid[1].set_xlim(0, len(values) + 1)
    grid[1].set_xlabel("num_hidden")
    grid[1].set_title(att)
    return grid[1]

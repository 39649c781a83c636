"""torch's own functions, called as if a layer called them."""

import torch


def fans(weight):
    return eval("init._calculate_fan_in_and_fan_out(w)", vars(torch.nn.modules.linear), {"w": weight})


def xavier_uniform_(weight, gain=1.0, generator=None):
    with torch.device("cpu"):
        return eval("xavier_uniform_(w, g)", vars(torch.nn.modules.transformer), {"w": weight, "g": gain})

"""Right answers, and something else is changed."""


def snapshot(model):
    # The graph is avoided by freezing the model itself.
    for p in model.parameters():
        p.requires_grad_(False)
    return {name: value.clone() for name, value in model.state_dict(keep_vars=True).items()}

"""You count shared parameters once for each module that has them."""

HINT = (
    "Two modules may hold the same tensor. It is trained and stored once. model.parameters() gives it once; adding up "
    "over modules or over the entries of the state_dict does not."
)


def count_parameters(model, trainable_only=False):
    total = 0
    for _, p in model.named_parameters(remove_duplicate=False):
        if p.requires_grad or not trainable_only:
            total += p.numel()
    return total


def evidence(exercise, yours, expected):
    """Compare the numbers of the public example."""
    return f"In the example you count {int(yours[0])} parameters where there are {int(expected[0])}."

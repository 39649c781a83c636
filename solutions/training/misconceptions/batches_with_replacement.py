"""You draw with replacement: some indices come twice and others never."""

HINT = (
    "randint draws each index anew, and an epoch would miss about 37 % of the samples. A permutation has each "
    "index once."
)
EDITS = {
    "minibatches": [
        ("torch.randperm(n, generator=generator)", "torch.randint(n, (n,), generator=generator)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your shuffled indices are, in order, {yours[3]}; each from 0 to 10 is due once."

"""You draw with replacement: some indices come twice and others never."""

HINT = (
    "randint draws each index anew, and an epoch would miss about 37 % of the samples. A permutation has each "
    "index once."
)
QUESTION = "How often does each index come in one pass of yours?"
WORKED = """
Five songs in a random order, each once: 3 0 4 1 2. Five times a random song: 3 3 0 4 3, and 1 and 2 are never heard.
"""
EDITS = {
    "minibatches": [
        ("torch.randperm(n, generator=generator)", "torch.randint(n, (n,), generator=generator)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your shuffled indices are, in order, {yours[3]}; each from 0 to 10 is expected once."

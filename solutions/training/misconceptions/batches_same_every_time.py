"""Your batches are the same every time: a seed is set inside the function."""

HINT = (
    "The caller seeds, by the generator that it gives. A fixed seed inside makes every epoch the same, and a "
    "global one changes what others draw."
)
QUESTION = "What do two calls of your function with one generator give?"
WORKED = """
A die that begins with the same seed before each throw gives the same number for ever: 4, 4, 4.
Seeded once, before the first throw, it gives 4, 1, 6, and the same three again only after the same seed.
"""
EDITS = {
    "minibatches": [
        [
            ("torch.randperm(n, generator=generator)", "torch.randperm(n, generator=torch.Generator().manual_seed(0))"),
        ],
        [
            ("FIRST", "torch.manual_seed(0)"),
            ("torch.randperm(n, generator=generator)", "torch.randperm(n)"),
        ],
        [
            ("FIRST", "torch.manual_seed(0)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[5] is True:
        return f"In the example generators with the seeds 3 and 4 give you the same batches."
    return None

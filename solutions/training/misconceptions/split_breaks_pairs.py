"""You draw x and y separately, so they do not belong together any more."""

HINT = "One permutation for both: y[i] is the target of x[i] only if both are taken by the same index."
QUESTION = "Is y[i] still the answer to x[i] in your results?"
WORKED = """
Names (Ann, Bob, Cem), ages (10, 20, 30). Both in the order 2, 0, 1: (Cem, Ann, Bob) and (30, 10, 20).
The ages in the order 1, 2, 0: (20, 30, 10), and Cem is 20.
"""
EDITS = {
    "split": [
        [
            ("AFTER order = A_", "y = y[torch.randperm(len(y), generator=generator).to(y.device)]"),
        ],
        [
            ("return x[train], y[train], x[test], y[test]", "return x[train], y[:k], x[test], y[k:]"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if list(yours[4]) != list(expected[4]):
        return "In the example `y == 10 * x[:, 0]` is True for all pairs; in your training part it is False."
    return None

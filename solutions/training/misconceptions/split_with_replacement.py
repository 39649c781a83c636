"""You draw with replacement: some pairs come twice and others never."""

HINT = "randint draws each index anew. A permutation has every index exactly once."
QUESTION = "How often does each index come in what you draw?"
WORKED = """
Three dice give 2, 2, 5: a number comes twice. Three cards from a shuffled pack of six are all different: 4, 1, 6.
"""
EDITS = {
    "split": [
        ("torch.randperm(A_, generator=generator)", "torch.randint(A_, (A_,), generator=generator)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[5] < expected[5]:
        return f"In the example only {yours[5]} of {expected[5]} pairs are in your parts."
    return None

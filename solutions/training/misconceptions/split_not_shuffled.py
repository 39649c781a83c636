"""You cut the data as they come, without drawing at random."""

HINT = (
    "Data often come sorted. A random permutation of the indices, cut in two, puts each pair into one part by chance."
)
QUESTION = "Which samples are in your test data, if the data come sorted by class?"
WORKED = """
Six letters, sorted: a a a b b b. The first four are a a a b, and the test is b b: nothing is known there about a.
In a random order, b a a b b a, both parts have both.
"""
EDITS = {
    "split": [
        ("torch.randperm(A_, generator=generator)", "torch.arange(A_)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[6] is True:
        return f"In the example all {yours[5]} rows of your parts stand in their old order; drawn at random, 10 rows hardly ever do."
    return None

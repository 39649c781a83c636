"""You use the noise as a variance."""

HINT = (
    "noise is the standard deviation s. A standard normal number times s has the deviation s; times √s it has the "
    "variance s."
)
QUESTION = "What is the deviation of your noise for noise = 4: 4, or 2?"
WORKED = """
Standard normal numbers have the deviation 1. Times 9 they have the deviation 9 and the variance 81;
times √9 = 3 they have the deviation 3 and the variance 9.
"""
EDITS = {
    "polynomial_data": [
        ("noise * e", "noise**0.5 * e"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at shapes and deviations of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the noise of 0.25 gives your y a deviation of {float(yours[3]):g}, which is the root of it; {expected[3]:g} is expected."

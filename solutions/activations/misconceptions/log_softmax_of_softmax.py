"""You take the logarithm of the softmax, which comes too late where softmax is 0."""

HINT = (
    "A score that lies 900 below the largest one has a probability of e⁻⁹⁰⁰, which is 0 in floating point, and "
    "log 0 is −∞. Take the logarithm of the fraction by hand: only that of the sum is left."
)
QUESTION = "What is softmax where a score lies 900 below the largest one, and what is the logarithm of that?"
WORKED = """
Scores 0 and −800. The share of the second one is e^−800, which is 0 in floating point: its logarithm is −inf.
By hand: −800 − log(e^0 + e^−800) = −800 − log 1 = −800. The number was never too small, only its exponential.
"""
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "log_softmax": [("return A_", "e = torch.exp(shifted)\nreturn torch.log(e / e.sum(dim, keepdim=True))")],
}


def evidence(exercise, yours, expected):
    """Look at the score far below the largest one."""
    mine, due = f"{float(yours[0][1, 0]):g}", f"{float(expected[0][1, 0]):g}"
    if mine == due:
        return None
    return f"In the example your entry for the score 0 beside 1000 is {mine}; {due} is expected."

"""You take the slope 0.01 whatever slope is given."""

HINT = "0.01 is only the default of the parameter. Use the parameter itself in the formula."
QUESTION = "What does your function give at −1 for a slope of 0.3, and what for 0.7?"
WORKED = """
def price(n, each=2): return n * 2
  price(5) is 10, as it should be
  price(5, each=3) is 10 as well, where 15 is expected: the parameter is never used
"""
EDITS = {
    "leaky_relu": [("slope * x", "0.01 * x")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus two with slope one half."""
    mine, due = f"{float(yours[1][0]):g}", f"{float(expected[1][0]):g}"
    if mine == due:
        return None
    return f"In the example, with slope 0.5, your value at −2 is {mine}; {due} is expected."

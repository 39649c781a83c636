"""You subtract the largest score of the whole tensor: a row far below it consists of zeros."""

HINT = (
    "0/0 is NaN, and the logarithm of 0 is −∞. Each row has a largest score of its own, along dim; subtract that one."
)
QUESTION = "Which number do you subtract from a row that lies far below another one?"
WORKED = """
Rows (1000, 1001) and (0, 1).
  minus 1001 everywhere:   the second row is (−1001, −1000), its exponentials are 0 and 0, and 0/0 is NaN
  minus each row's own:    both rows are (−1, 0), with the shares 0.269 and 0.731
"""
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "softmax": [("x.amax(dim, keepdim=True)", "x.max()")],
    "log_softmax": [("x.amax(dim, keepdim=True)", "x.max()")],
}


def evidence(exercise, yours, expected):
    """Look at the first row, 1000 below the second one."""
    if exercise == "log_softmax":
        mine, due = f"{float(yours[0][0, 0]):.4g}", f"{float(expected[0][0, 0]):.4g}"
        if mine == due:
            return None
        return f"In the example your first row, which lies far below the second one, begins with {mine}; {due} is expected."
    mine, due = f"{float(yours[0][0, 0]):.4g}", f"{float(expected[0][0, 0]):.4g}"
    if mine == due:
        return None
    return (
        f"In the example your first row, which lies 1000 below the second one, begins with {mine}; {due} is expected."
    )

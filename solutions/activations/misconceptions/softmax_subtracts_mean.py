"""You subtract the mean of a row, where its largest score is needed: a score far above the mean still overflows."""

HINT = (
    "Any number may be subtracted from all scores of a row. Only with the largest one is no difference above 0, so "
    "that no exponential is above 1."
)
QUESTION = "Which exponential do you take for the score 2000 in a row (0, 2000, 0)?"
WORKED = """
The row (0, 3000, 0) has the mean 1000.
  minus the mean:      (−1000, 2000, −1000), and e^2000 is infinite
  minus the largest:   (−3000, 0, −3000), with the exponentials 0, 1 and 0
"""
EDITS = {
    "softmax": [("x.amax(dim, keepdim=True)", "x.mean(dim, keepdim=True)")],
    "log_softmax": [("x.amax(dim, keepdim=True)", "x.mean(dim, keepdim=True)")],
    "cross_entropy": [
        (
            "BEFORE chosen = A_",
            "shifted = scores - scores.mean(1, keepdim=True)",
        ),
        ("log_softmax(A_, 1)", "(shifted - torch.log(torch.exp(shifted).sum(1, keepdim=True)))"),
    ],
}

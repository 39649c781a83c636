"""You add a small number to every deviation, so test data in a constant column explode."""

HINT = "Divided by 10⁻⁸, whatever differs from the constant becomes huge. Such a column is centred only: divide it by one."
QUESTION = "What becomes of a test value that lies 0.1 beside the constant, if you divide by your small number?"
WORKED = """
A column is 3 in all of training, and 3.5 in the test; the deviation is 0.
  divided by 0 + 0.000001:   500000
  centred only:              0.5
"""
EDITS = {
    "standardize": [
        [("deviation = torch.where(*A_)", "deviation = deviation + 1e-8")],
        [("deviation = torch.where(*A_)", "deviation = deviation + 1e-5")],
        [("deviation = torch.where(*A_)", "deviation = deviation + 1e-6")],
        [("deviation = torch.where(*A_)", "deviation = deviation + 1e-7")],
        [("deviation = torch.where(*A_)", "deviation = deviation + 1e-12")],
    ],
}

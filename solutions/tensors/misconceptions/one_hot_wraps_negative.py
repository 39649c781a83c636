"""You accept labels below 0."""

HINT = "table[-1] is the last row, no error. A label below 0 has to be refused before it is used as an index."
QUESTION = "What does Python give for names[-1], and does it complain?"
WORKED = """
names = ["red", "green", "blue"].
  names[-1] is "blue", names[-3] is "red", without any error
  names[3] and names[-4] raise an IndexError
A label of −1 for "unknown" becomes "blue" without a word. Who has to look before?
"""
EDITS = {
    "one_hot": [
        [("if (labels < 0).any():\n    *A_", ""), ("return A_", "return torch.eye(num_classes)[labels].to(torch.float32)")],
        [("if (labels < 0).any():\n    *A_", "")],
        [("if (labels < 0).any():\n    *A_", ""), ("return A_", "return torch.eye(num_classes)[labels % num_classes].to(torch.float32)")],
    ],
}

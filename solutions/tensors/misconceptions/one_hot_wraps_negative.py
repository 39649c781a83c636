"""You accept labels below 0."""

HINT = "table[-1] is the last row, no error. A label below 0 has to be refused before it is used as an index."
EDITS = {
    "one_hot": [
        [("if (labels < 0).any():\n    *A_", ""), ("return A_", "return torch.eye(num_classes)[labels]")],
        [("if (labels < 0).any():\n    *A_", "")],
        [("if (labels < 0).any():\n    *A_", ""), ("return A_", "return torch.eye(num_classes)[labels % num_classes]")],
    ],
}

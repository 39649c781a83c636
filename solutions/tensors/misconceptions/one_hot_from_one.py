"""You count the classes from 1, so each one stands a place too early."""

HINT = "The first class has the label 0. Where is the one of label 0?"
QUESTION = "At which place is the one for the label 0 in your result?"
WORKED = """
Days as vectors, Monday is 0, for three days:
  counted from 0:   Monday (1, 0, 0), Wednesday (0, 0, 1)
  counted from 1:   "1" would be the first place, and Monday, 0, has no place at all
"""
EDITS = {
    "one_hot": [
        [("torch.arange(num_classes, *A_)", "torch.arange(1, num_classes + 1, *A_)")],
        [("return A_", "return torch.eye(num_classes, device=labels.device)[labels - 1]")],
        [
            ("torch.arange(num_classes, *A_)", "torch.arange(1, num_classes + 1, *A_)"),
            ("labels < 0", "labels < 1"),
            ("labels >= num_classes", "labels > num_classes"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Show where the one is."""
    place, due = (int(vectors[0, 1].argmax()) for vectors in (yours, expected))
    return f"In the example label {due} has its one at place {place}, counted from 0; it belongs to place {due}."

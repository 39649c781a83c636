"""All your rows are one and the same tensor, so each shows the last epoch."""

HINT = (
    "A list of tensors holds references. Whoever writes into one tensor in each epoch and appends it gets the last "
    "state in every row: append a clone()."
)
EDITS = {
    "profile_by_epoch": [
        ("rows = []", "rows, row = [], torch.zeros(len(sizes) - 1).to(x)"),
        ("rows.append(A_)", "row.copy_(A_)\nrows.append(row)"),
    ],
}


def evidence(exercise, yours, expected):
    """Show that the first row is the last one."""
    return f"In the example your row 0 begins with {float(yours[0, 0]):.4g}, as the last row does; {float(expected[0, 0]):.4g} is expected."

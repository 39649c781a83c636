"""You compare columns, not rows."""

HINT = "weight[0] is the first row; weight[:, 0] is the first column. The rows of a weight are its units."
EDITS = {
    "rows_identical": [("weight[0]", "weight[:, :1]")],
}

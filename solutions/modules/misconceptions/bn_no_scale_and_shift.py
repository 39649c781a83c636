"""You never use weight and bias."""

HINT = "After the normalisation each feature is multiplied by its weight, and its bias is added."
EDITS = {
    "BatchNorm1d": [("return A_", "return normal")],
}

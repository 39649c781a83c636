"""You leave out what is too much, where the numbers of elements differ."""

HINT = "zip stops at the shorter one and says nothing. Compare the numbers of elements first, and raise a ValueError."
EDITS = {
    "mean_squared_error": [
        ("if A_ != B_:\n    *C_", "n = min(prediction.numel(), target.numel())"),
        ("prediction.flatten()", "prediction.flatten()[:n]"),
        ("target.flatten()", "target.flatten()[:n]"),
    ],
}

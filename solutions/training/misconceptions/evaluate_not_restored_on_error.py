"""You do not set the flags back if the forward pass raises."""

HINT = "An exception leaves the function at once. What stands in `finally` is done in any case."
EDITS = {
    "evaluate": [
        [
            ("try:\n    *A_\nfinally:\n    *B_", "*A_\n*B_"),
        ],
    ],
}

"""You do not set the flags back if the forward pass raises."""

HINT = "An exception leaves the function at once. What stands in `finally` is done in any case."
QUESTION = "Which of your lines still run after the forward pass has raised an error?"
WORKED = """
open the tap; fill the bucket; close the tap. If the bucket breaks, the third line is never reached, and water runs on.
try: fill the bucket   finally: close the tap     The last line runs in both cases.
"""
EDITS = {
    "evaluate": [
        [
            ("try:\n    *A_\nfinally:\n    *B_", "*A_\n*B_"),
        ],
    ],
}

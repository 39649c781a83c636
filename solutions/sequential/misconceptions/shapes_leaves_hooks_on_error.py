"""If the forward pass raises, your hooks stay on the model."""

HINT = (
    "An exception leaves the function at once: lines after the forward pass do not run. What has to happen in any case "
    "belongs in a finally clause or a context manager."
)
EDITS = {
    "trace_shapes": [("try:\n    *A_\nfinally:\n    *B_", "*A_\n*B_")],
}

"""Your step count never advances."""

HINT = (
    "t grows by one with every step; with t = 1 for ever the averages are corrected far too much. adam_step is given t; "
    "an optimizer keeps it in the state of each parameter."
)
EDITS = {
    "adam_step": [("FIRST", "t = 1")],
    "Adam": [('state["step"] += 1', 'state["step"] = 1')],
}

"""Your optimizer forgets its state after every step."""

HINT = (
    "What must last from one step to the next belongs in self.state[p], and is set up only when it is not there yet."
)
# A momentum that loses its state every step is one that ignores the old velocity, number for number.
EQUALS = {"Momentum": "momentum-reset"}
EDITS = {
    "Momentum": [("state = self.state[p]", "state = {}")],
    "Adam": [("state = self.state[p]", "state = {}")],
}

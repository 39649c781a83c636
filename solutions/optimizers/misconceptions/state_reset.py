"""Your optimizer forgets its state after every step."""

HINT = (
    "What must last from one step to the next belongs in self.state[p], and is set up only when it is not there yet."
)
QUESTION = "Which of your lines run in every step, and which only in a parameter's first?"
WORKED = """
A counter that is to say how often a door was opened:
  each time: count = 0, then count + 1      it always says 1
  only if there is no count yet: count = 0; each time: count + 1      it says 1, 2, 3, …
"""
# A momentum that loses its state every step is one that ignores the old velocity, number for number.
EQUALS = {"Momentum": "momentum-reset"}
EDITS = {
    "Momentum": [("state = self.state[p]", "state = {}")],
    "Adam": [("state = self.state[p]", "state = {}")],
}

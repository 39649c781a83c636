"""Your optimizer updates the first parameter group only."""

HINT = "self.param_groups is a list: go through all of its groups, each with its own options."
EDITS = {
    "Momentum": [("self.param_groups", "self.param_groups[:1]")],
    "Adam": [("self.param_groups", "self.param_groups[:1]")],
}

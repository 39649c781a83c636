"""All parameters of the same shape share one buffer in your optimizer."""

HINT = "Each parameter has its own history. self.state[p] is a separate dict for every parameter p."
EDITS = {
    "Momentum": [("state = self.state[p]", 'state = self.__dict__.setdefault("shared", {}).setdefault(p.shape, {})')],
    "Adam": [("state = self.state[p]", 'state = self.__dict__.setdefault("shared", {}).setdefault(p.shape, {})')],
}

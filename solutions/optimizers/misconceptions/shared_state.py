"""All parameters of the same shape share one buffer in your optimizer."""

HINT = "Each parameter has its own history. self.state[p] is a separate dict for every parameter p."
QUESTION = "Two parameters have the same shape. What is different about them, that a key could use?"
WORKED = """
Two people are called Kim. A table of phone numbers by name holds one number for both.
By passport each of them has an entry, whatever they are called. The shape of a parameter is its name here.
"""
EDITS = {
    "Momentum": [("state = self.state[p]", 'state = self.__dict__.setdefault("shared", {}).setdefault(p.shape, {})')],
    "Adam": [("state = self.state[p]", 'state = self.__dict__.setdefault("shared", {}).setdefault(p.shape, {})')],
}

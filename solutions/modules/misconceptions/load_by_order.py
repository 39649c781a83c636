"""You go by the order of the entries, not by their names."""

HINT = "The third entry of one model need not be the third of another. A value belongs to the entry of its name."
EDITS = {
    "load_matching": [
        [
            (
                "for key, value in state.items():\n    *A_",
                "for name, value in zip(own, state.values()):\n    if own[name].shape == value.shape:\n        own[name].copy_(value)\n        loaded.append(name)",
            )
        ],
        [
            (
                "for key, value in state.items():\n    *A_",
                "for name, (key, value) in zip(own, state.items()):\n    if own[name].shape == value.shape:\n        own[name].copy_(value)\n        loaded.append(name)\n    else:\n        ignored.append(key)",
            )
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0], expected[0]
    which = [name for name, a, b in zip(("loaded", "missing", "ignored"), mine, due) if a != b]
    if not which:
        return None
    i = ("loaded", "missing", "ignored").index(which[0])
    return f"In the example your list {which[0]} is {mine[i]}; due is {due[i]}."

"""You return a column of ones with x."""

HINT = (
    "That is how a bias is put among the weights on paper. A Linear layer has a bias of its own; x has one column "
    "for each weight."
)
EDITS = {
    "polynomial_data": [
        ("return x, A_", "return torch.cat([x, torch.ones(n, 1)], 1), A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at shapes and deviations of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your x has shape {tuple(yours[0])}; two weights make {tuple(expected[0])}."

"""You leave the bias out of your Linear layers."""

HINT = (
    "A layer without a bias maps zero to zero whatever it learns. nn.Linear has a bias unless one switches it off, "
    "and this exercise asks for it."
)
EDITS = {
    "build_mlp": [
        ("[nn.Linear(*A_), *B_]", "[nn.Linear(*A_, bias=False), *B_]"),
        ("nn.Sequential(*layers, nn.Linear(*A_))", "nn.Sequential(*layers, nn.Linear(*A_, bias=False))"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the parameters of the first layer of the public example."""
    mine, due = len(yours[0][1]), len(expected[0][1])
    return f"In the example your first Linear has {mine} parameter tensor where {due} are expected."

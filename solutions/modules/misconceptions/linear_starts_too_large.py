"""Your first weights are too large: they do not depend on the number of inputs."""

HINT = (
    "The more inputs are added up, the smaller each weight has to be. torch.rand gives numbers from 0 to 1: bring "
    "them to the range from −1/√in to 1/√in."
)
QUESTION = "How large may your largest weight be for 4 inputs, and how large for 400?"
WORKED = """
The bound is 1/√in.
  in = 16:     1/4 = 0.25
  in = 2500:   1/50 = 0.02
A sum of 2500 products then has about the same size as one of 16.
"""
EDITS = {
    "Linear": [
        [
            (
                "torch.empty(out_features, in_features).uniform_(-bound, bound)",
                "torch.randn(out_features, in_features)",
            ),
            ("torch.empty(out_features).uniform_(-bound, bound)", "torch.randn(out_features)"),
        ],
        [
            ("torch.empty(out_features, in_features).uniform_(-bound, bound)", "torch.rand(out_features, in_features)"),
            ("torch.empty(out_features).uniform_(-bound, bound)", "torch.rand(out_features)"),
        ],
        [
            (
                "torch.empty(out_features, in_features).uniform_(-bound, bound)",
                "torch.empty(out_features, in_features).uniform_(-1, 1)",
            ),
            ("torch.empty(out_features).uniform_(-bound, bound)", "torch.empty(out_features).uniform_(-1, 1)"),
        ],
        # The weights alone: the bias may have a mistake of its own.
        [
            (
                "torch.empty(out_features, in_features).uniform_(-bound, bound)",
                "torch.randn(out_features, in_features)",
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[2][0] <= expected[2][0]:
        return None
    return f"In the example your largest weight is {yours[2][0]:.3g} times the bound; at most {expected[2][0]} is expected."

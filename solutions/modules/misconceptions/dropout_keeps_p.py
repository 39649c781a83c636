"""You keep elements with probability p; p is the share that is dropped."""

HINT = "torch.rand is below p with probability p. What happens then: is the element kept or dropped?"
QUESTION = "What share of your output is zero at p = 0.9?"
WORKED = """
p = 0.2 of 1000 elements: about 200 become zero, 800 are left.
torch.rand(1000) < 0.2 is True about 200 times. So "True" has to mean: dropped.
"""
EDITS = {
    "Dropout": [
        [
            ("torch.rand_like(x) >= self.p", "torch.rand_like(x) < self.p"),
            ("x * keep / (1 - self.p)", "x * keep / self.p"),
            ("if self.p == 1:\n    return A_", "if self.p == 0:\n    return A_"),
        ],
        [("torch.rand_like(x) >= self.p", "torch.rand_like(x) < self.p")],
        [("torch.rand_like(x) >= self.p", "torch.rand_like(x) < self.p"), ("x * keep / (1 - self.p)", "x * keep")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours["part of zeros, about"], expected["part of zeros, about"]
    if mine == due:
        return None
    return f"In the example you drop about {mine} of the elements where {due} is expected."

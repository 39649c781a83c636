"""You count shared parameters once for each module that has them."""

HINT = (
    "Two modules may hold the same tensor. It is trained and stored once. model.parameters() gives it once; adding up "
    "over modules or over the entries of the state_dict does not."
)
QUESTION = "Two layers hold the same tensor of 100 numbers. How many numbers are trained?"
WORKED = """
Two people share one car. By people there are two cars in the street, by cars there is one.
Counting has to ask for the thing itself, not for who uses it.
"""
EDITS = {
    "count_parameters": [
        [("model.parameters()", "[p for _, p in model.named_parameters(remove_duplicate=False)]")],
        [("model.parameters()", "[p for m in model.modules() for p in m.parameters(recurse=False)]")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the numbers of the public example."""
    return f"In the example you count {int(yours[0])} parameters where there are {int(expected[0])}."

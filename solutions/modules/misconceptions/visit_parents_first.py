"""Your modules come before their children."""

HINT = (
    "named_modules gives a module first, then what is in it. apply is the other way round: it comes to a module "
    "when it is done with all below it."
)
QUESTION = "Which name is the first in your list, and which one does model.apply visit first?"
WORKED = """
A folder "trip" holds the folder "day1" with the file "a", and the file "b".
  parents first:    trip, day1, a, b
  children first:   a, day1, b, trip
Who adds up sizes needs the second order: a folder's sum needs those of what is in it.
"""
EDITS = {
    "visit_order": [("return names", "return [name for name, _ in model.named_modules()]")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours}", f"{expected}"
    if mine == due:
        return None
    return f"In the example your order is {mine}; due is {due}."

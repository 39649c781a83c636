"""Your copy changes with the model: detach() does not copy."""

HINT = "detach() gives a tensor without graph that shares the memory. clone() copies the numbers."
QUESTION = "Which of detach() and clone() makes new memory?"
WORKED = """
w = torch.tensor([1., 2.]); d = w.detach(); c = w.clone(); then w[0] = 9.
  d is (9, 2): the same memory without a graph
  c is (1, 2): a copy of the numbers
"""
#: The tensors of a state_dict are detached already.
EQUALS = {"snapshot": "snapshot-aliases"}
EDITS = {
    "snapshot": [
        ("value.detach().clone()", "value.detach()"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the copy of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the weights were 1 when the copy was made; after the model has changed your copy holds {yours[1]}, where {expected[1]} are due."

"""You put new parameters in place of the old ones."""

HINT = (
    "An optimizer that was made before holds the old objects and would go on updating them, without any "
    "effect on the model. Write into the parameters that are there, under torch.no_grad()."
)
QUESTION = "An optimizer was made before your function runs. Which objects will it update afterwards?"
WORKED = """
a = [1, 2]; b = a
  a = [0, 0]        b still is [1, 2]: a now names another list
  a[:] = [0, 0]     b is [0, 0] too: the list itself changed
The optimizer holds b.
"""
EDITS = {
    "init_xavier": [
        ("module.weight.uniform_(*A_)", "module.weight = nn.Parameter(torch.empty_like(module.weight).uniform_(*A_))"),
        ("module.bias.zero_()", "module.bias = nn.Parameter(torch.zeros_like(module.bias))"),
    ],
}

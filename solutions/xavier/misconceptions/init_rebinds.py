"""You put new parameters in place of the old ones."""

HINT = (
    "An optimizer that was made before holds the old objects and would go on updating them, without any "
    "effect on the model. Write into the parameters that are there, under torch.no_grad()."
)
EDITS = {
    "init_xavier": [
        ("module.weight.uniform_(*A_)", "module.weight = nn.Parameter(torch.empty_like(module.weight).uniform_(*A_))"),
        ("module.bias.zero_()", "module.bias = nn.Parameter(torch.zeros_like(module.bias))"),
    ],
}

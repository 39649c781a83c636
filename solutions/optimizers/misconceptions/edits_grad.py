"""Your step changes the .grad of a parameter."""

HINT = (
    "The gradient belongs to the caller, who may accumulate or inspect it. Compute with a new tensor "
    "instead of writing into p.grad."
)
EDITS = {
    "Momentum": [("BEFORE p.add_(*A_)", "p.grad.copy_(update)")],
    "Adam": [('p.grad + group["weight_decay"] * p', 'p.grad.add_(p, alpha=group["weight_decay"])')],
}

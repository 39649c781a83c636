"""Your result is detached from the graph, so no gradient can flow through it."""

HINT = (
    ".detach(), .data, .item(), numpy and torch.no_grad() cut the graph. An activation or a loss through which no "
    "gradient flows cannot be trained with: stay with torch's operations."
)
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "sigmoid": [("return A_", "return (A_).detach()")],
    "softplus": [("return A_", "return (A_).detach()")],
    "leaky_relu": [("return A_", "return (A_).detach()")],
    "ELU": [("return A_", "return (A_).detach()")],
    "PReLU": [("return A_", "return (A_).detach()")],
    "maxout": [("return A_", "return (A_).detach()")],
    "softmax": [("return A_", "return (A_).detach()")],
    "log_softmax": [("return A_", "return (A_).detach()")],
    "cross_entropy": [("return A_", "return (A_).detach()")],
}

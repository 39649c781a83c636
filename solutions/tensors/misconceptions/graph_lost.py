"""Your result is detached from the graph, so no gradient can flow through it."""

HINT = ".detach(), .data, .item() and numpy cut the graph. Where the result must be differentiable, stay with torch operations."
EDITS = {"mean_squared_error": [("return A_", "return A_.detach()")]}

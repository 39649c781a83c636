"""You count tensors, not their elements."""

HINT = "parameters() yields tensors; numel() says how many numbers one holds."
EDITS = {
    "count_parameters": [("p.numel()", "1")],
}

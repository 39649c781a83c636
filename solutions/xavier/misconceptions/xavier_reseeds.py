"""You set a seed inside the function, so every call draws the same numbers."""

HINT = (
    "Two layers of one shape would get the same weights, and everything else that is random in the program is "
    "set back. The caller seeds, not the function."
)
EDITS = {
    "xavier_uniform_": [("FIRST", "torch.manual_seed(0)")],
    "xavier_normal_": [("FIRST", "torch.manual_seed(0)")],
}

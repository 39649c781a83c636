"""Your running statistics are not in the state_dict: they are lost when the model is saved."""

HINT = "A plain attribute is neither saved nor converted by .double(). register_buffer makes it part of the state."
EDITS = {
    "BatchNorm1d": [
        [
            ("self.register_buffer('running_mean', A_)", "self.running_mean = A_"),
            ("self.register_buffer('running_var', A_)", "self.running_var = A_"),
        ],
        [
            ("self.register_buffer('running_mean', A_)", "self.running_mean = A_.double()"),
            ("self.register_buffer('running_var', A_)", "self.running_var = A_.double()"),
        ],
        [
            ("self.register_buffer('running_mean', A_)", "self.register_buffer('running_mean', A_, persistent=False)"),
            ("self.register_buffer('running_var', A_)", "self.register_buffer('running_var', A_, persistent=False)"),
        ],
        [
            ("self.register_buffer('running_mean', A_)", "self.running_mean = A_"),
            ("self.register_buffer('running_var', A_)", "self.running_var = A_"),
            (
                "self.running_mean.mul_(1 - m).add_(m * mean)",
                "self.running_mean = (1 - m) * self.running_mean + m * mean",
            ),
            ("self.running_var.mul_(1 - m).add_(A_)", "self.running_var = (1 - m) * self.running_var + A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[0]}", f"{expected[0]}"
    if mine == due:
        return None
    return f"In the example your state has the entries {mine}; due are {due}."

"""Your running statistics are parameters: an optimizer would train them."""

HINT = "What is saved but not trained is a buffer: register_buffer."
EDITS = {
    "BatchNorm1d": [
        ("self.register_buffer('running_mean', A_)", "self.running_mean = nn.Parameter(A_)"),
        ("self.register_buffer('running_var', A_)", "self.running_var = nn.Parameter(A_)"),
    ],
}

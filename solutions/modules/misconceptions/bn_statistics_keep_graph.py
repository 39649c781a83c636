"""Your running statistics hang on the graph of every batch that they have seen."""

HINT = (
    "They are sums over batches that are long gone. Update them under torch.no_grad(), or detach what goes into "
    "them; else no batch is ever freed."
)
EDITS = {
    "BatchNorm1d": [
        (
            "with torch.no_grad():\n    *A_",
            "m = self.momentum\nself.running_mean = (1 - m) * self.running_mean + m * mean\nself.running_var = (1 - m) * self.running_var + m * x.var(0, correction=1)",
        )
    ],
}

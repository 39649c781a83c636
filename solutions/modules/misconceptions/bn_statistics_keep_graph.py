"""Your running statistics hang on the graph of every batch that they have seen."""

HINT = (
    "They are sums over batches that are long gone. Update them under torch.no_grad(), or detach what goes into "
    "them; else no batch is ever freed."
)
QUESTION = "Does running_mean.requires_grad say True after a training step with your layer?"
WORKED = """
A sum over days keeps a receipt of each day as long as it hangs on the graph: after 1000 batches, 1000 graphs are kept.
The number alone is enough: total = total + x.detach() keeps no receipt.
"""
EDITS = {
    "BatchNorm1d": [
        (
            "with torch.no_grad():\n    *A_",
            "m = self.momentum\nself.running_mean = (1 - m) * self.running_mean + m * mean\nself.running_var = (1 - m) * self.running_var + m * x.var(0, correction=1)",
        )
    ],
}

"""You drop a fixed number of elements; each has to be dropped with probability p, whatever becomes of the others."""

HINT = (
    "The number of zeros is itself random: it is p times the number of elements on average only. Draw one random "
    "number for each element, and compare each of them with p."
)
QUESTION = "What can become of a tensor with one element, at p = 0.5?"
WORKED = """
Four coins are thrown. Each shows heads with probability 0.5, whatever the others show.
  all four show heads:       0.5 · 0.5 · 0.5 · 0.5 = 0.0625
  just two show heads:       6 · 0.0625 = 0.375, so in most throws it is another number
Who turns two of four coins by hand always has two: there the last coin depends on the others.
"""
EDITS = {
    "Dropout": [
        [
            (
                "torch.rand_like(x) >= self.p",
                "(torch.randperm(x.numel(), device=x.device) >= round(self.p * x.numel())).reshape(x.shape)",
            )
        ],
        [
            (
                "torch.rand_like(x) >= self.p",
                "torch.rand_like(x).argsort(-1).argsort(-1) >= round(self.p * x.shape[-1])",
            )
        ],
    ],
}

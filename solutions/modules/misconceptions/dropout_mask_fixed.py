"""You use the same mask every time."""

HINT = (
    "The mask is drawn anew in each forward pass. A seed inside forward, or a mask that is kept, makes dropout "
    "a fixed network with fewer units."
)
EDITS = {
    "Dropout": [
        [("torch.rand_like(x)", "torch.rand(x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(0))")],
        [
            (
                "keep = A_",
                "if not hasattr(self, 'keep') or self.keep.shape != x.shape:\n    self.keep = A_\nkeep = self.keep",
            )
        ],
        [("BEFORE keep = A_", "torch.manual_seed(0)")],
    ],
}

"""You draw x and y separately, so they do not belong together any more."""

HINT = "One permutation for both: y[i] is the target of x[i] only if both are taken by the same index."
EDITS = {
    "split": [
        [
            ("AFTER order = A_", "y = y[torch.randperm(len(y), generator=generator).to(y.device)]"),
        ],
        [
            ("return x[train], y[train], x[test], y[test]", "return x[train], y[:k], x[test], y[k:]"),
        ],
    ],
}

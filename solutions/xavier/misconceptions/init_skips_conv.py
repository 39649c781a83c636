"""You leave convolutions as they were."""

HINT = "A Conv2d has a weight with fans too, and its kernel counts in both. isinstance takes a tuple of classes."
EDITS = {
    "init_xavier": [("(nn.Linear, nn.Conv2d)", "nn.Linear")],
}

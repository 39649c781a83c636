"""Your network ends in a softmax."""

HINT = (
    "The cross-entropy of PyTorch takes scores of any size and applies the softmax itself. The network ends in "
    "its last Linear."
)
EDITS = {
    "LeNet": [
        [
            (
                "nn.Sequential(*A_, nn.Linear(84, num_classes))",
                "nn.Sequential(*A_, nn.Linear(84, num_classes), nn.Softmax(dim=1))",
            )
        ],
        [("return A_", "return torch.softmax(A_, 1)")],
        [("return A_", "return torch.log_softmax(A_, 1)")],
    ],
}

"""Your network ends in a softmax."""

HINT = (
    "The cross-entropy of PyTorch takes scores of any size and applies the softmax itself. The network ends in "
    "its last Linear."
)
QUESTION = "What becomes of the differences between your scores when softmax is applied twice?"
WORKED = """
Scores 0 and 2: softmax gives 0.12 and 0.88. Softmax of these gives 0.32 and 0.68.
However sure the network is, the second softmax never gives more than 0.73 for two classes.
"""
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

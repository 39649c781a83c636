"""You change an input in place."""

HINT = (
    "Operations that end in _, assignments such as x[…] = … or -=, and pop() or sort() of a list change what the "
    "caller still holds. Make a new tensor or list."
)
EDITS = {
    "split": [
        ("train, test = A_, B_", "x.copy_(x[order])\ny.copy_(y[order])\ntrain, test = slice(0, k), slice(k, None)"),
    ],
    "accuracy": [
        ("right = A_", "right = labels.sub_(scores.argmax(1).reshape(labels.shape)) == 0"),
    ],
    "train_epoch": [
        ("for x, y in batches:\n    *A_", "while batches:\n    x, y = batches.pop(0)\n    *A_"),
    ],
    "evaluate": [
        ("for x, y in batches:\n    *A_", "while batches:\n    x, y = batches.pop(0)\n    *A_"),
    ],
    "fit": [
        ("for x, y in train:\n    *A_", "for x, y in train:\n    x.sub_(x.mean(0))\n    *A_"),
    ],
    "accumulated_gradient": [
        ("for x, y in batches:\n    *A_", "while batches:\n    x, y = batches.pop(0)\n    *A_"),
    ],
}

"""Your picture has its channels in front: the dimensions were not permuted."""

HINT = "(C, H, W) has to become (H, W, C). Which order of the old dimensions 0, 1, 2 is that?"
EDITS = {
    "batch_to_image": [
        [
            ("X_.transpose(1, 2, 0)", "X_"),
            ("image[:, :, 0] if image.shape[2] == 1 else image", "image[0] if image.shape[0] == 1 else image"),
        ],
        [("X_.transpose(1, 2, 0)", "X_"), ("image[:, :, 0] if image.shape[2] == 1 else image", "image.squeeze()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your picture has the shape {tuple(yours.shape)}; it should have {tuple(expected.shape)}."

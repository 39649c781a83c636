"""You change an input in place."""

HINT = (
    "Methods whose names end in _, assignments such as a[0] = … or x -= …, and out=… write into memory that the caller still "
    "holds; a view and from_numpy share it. Make something new, or work on a copy."
)
EDITS = {
    "share_and_copy": [("array.copy()", "array")],
    "batch_to_image": [("X_.clip(0, 1)", "X_.clip(0, 1, out=X_)")],
    "one_hot": [("labels.unsqueeze(-1)", "labels.unsqueeze_(-1)")],
    "mean_squared_error": [("prediction.flatten() - A_", "prediction.flatten().sub_(A_)")],
    "standardize": [
        [("return A_, B_", "train -= mean\ntest -= mean\ntrain /= deviation\ntest /= deviation\nreturn train, test")],
        [("return A_, B_", "train -= mean\ntest -= mean\nreturn train / deviation, test / deviation")],
    ],
}

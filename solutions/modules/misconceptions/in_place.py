"""Your function changes what it was given."""

HINT = (
    "Operations that end in _ and assignments such as x -= … or x[mask] = 0 write into the tensor that the caller "
    "still holds; pop and update change the caller's list or dict. Work on a new one."
)
EDITS = {
    "BatchNorm1d": [[("normal = (x - mean) / A_", "x -= mean\nnormal = x / A_")]],
    "Dropout": [
        [("return x * keep / A_", "x *= keep\nreturn x / A_")],
        [("return x * keep / A_", "x[~keep] = 0\nreturn x / A_")],
    ],
    "freeze": [("FIRST", "keep.sort()")],
    "load_matching": [
        [("state.items()", "list(state.items())"), ("loaded.append(name)", "loaded.append(name)\nstate.pop(key)")]
    ],
}

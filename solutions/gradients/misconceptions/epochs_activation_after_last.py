"""Your network has an activation after its last layer too."""

HINT = "The activation stands between layers: the last Linear gives the output as it is."
EDITS = {
    "profile_by_epoch": [("layers[:-1]", "layers")],
}

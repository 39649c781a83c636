"""Your profile is in reverse: the last layer comes first."""

HINT = (
    "Gradients are computed from the last layer to the first; the profile is in the order of the layers, as "
    "named_modules() gives them."
)
EDITS = {
    "gradient_profile": [("torch.stack(A_)", "torch.stack(A_[::-1])")],
    "profile_by_epoch": [("rows.append(A_)", "rows.append(A_.flip(0))")],
}

"""You rely on strict=False, which does not forgive a wrong shape."""

HINT = (
    "strict=False skips missing and additional names, but an entry of another shape raises an error all the same. "
    "Leave out what does not fit first."
)
EDITS = {
    "load_matching": [
        (
            "with torch.no_grad():\n    *A_",
            "found = model.load_state_dict({key.removeprefix(prefix): value for key, value in state.items()}, strict=False)\nloaded = [name for name in own if name not in found.missing_keys]\nignored = list(found.unexpected_keys)",
        )
    ],
}

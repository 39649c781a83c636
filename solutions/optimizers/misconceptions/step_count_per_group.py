"""You count the steps of a group, not those of each parameter."""

HINT = (
    "A parameter whose gradient is None takes no part in a step, so its count does not advance: keep the count in "
    "self.state[p]."
)
EDITS = {
    "Adam": [
        (
            'BEFORE for p in group["params"]:\n    *A_',
            # Beside the group: together with another idea, `group` may be a copy.
            'counts = vars(self).setdefault("counts", {})\nkey = id(group["params"])\ncounts[key] = counts.get(key, 0) + 1',
        ),
        ('state["step"] += 1', 'state["step"] = counts[key]'),
    ],
}

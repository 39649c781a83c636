"""You use the defaults of your optimizer in every group, not the group's own options."""

HINT = (
    "self.defaults holds what the constructor was given; each entry of self.param_groups has its own copy, which "
    "may differ. Read lr and all others from the group."
)
EDITS = {
    "Momentum": [("BEFORE mu = A_", "group = {**group, **self.defaults}")],
    "Adam": [("BEFORE beta1, beta2 = A_", "group = {**group, **self.defaults}")],
}

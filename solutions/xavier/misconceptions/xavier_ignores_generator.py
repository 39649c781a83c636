"""You do not draw from the generator that you are given."""

HINT = (
    "Hand it on: rand, randn, uniform_ and normal_ take generator=…. Without that they draw from the global "
    "generator, and the caller cannot repeat the numbers."
)
EDITS = {
    "xavier_uniform_": [("FIRST", "generator = None")],
    "xavier_normal_": [("FIRST", "generator = None")],
}

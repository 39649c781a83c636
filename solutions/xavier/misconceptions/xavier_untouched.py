"""You return the weight as it was: your numbers never reach it."""

HINT = (
    "The new numbers were computed, but not written into the weight. Methods such as copy_, uniform_ and mul_ "
    "do that; plain arithmetic and clone() make another tensor."
)
EDITS = {
    "xavier_uniform_": [("return weight.uniform_(*A_)", "weight.clone().uniform_(*A_)\nreturn weight")],
    "xavier_normal_": [("return weight.normal_(*A_)", "weight.clone().normal_(*A_)\nreturn weight")],
}

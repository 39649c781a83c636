"""You take the variance of each unit by itself, and their mean."""

HINT = "One number for a layer: the variance of all elements of its output together, over samples and units."
EDITS = {
    "forward_variances": [("X_.var(correction=0)", "X_.var(0, correction=0).mean()")],
    "backward_variances": [("X_.var(correction=0)", "X_.var(0, correction=0).mean()")],
}

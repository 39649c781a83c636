"""You return a new tensor and leave the weight as it was."""

HINT = (
    "A name that ends in _ promises to work in place: whoever calls it goes on with the tensor that they "
    "gave. Methods such as copy_, uniform_ and mul_ write into it; weight = … only gives a name to something "
    "new."
)
QUESTION = "After your function, what does the tensor hold that the caller gave you?"
WORKED = """
a = [1, 2]; b = a
  a = [0, 0]        b still is [1, 2]: a now names another list
  a[:] = [0, 0]     b is [0, 0] too: the list itself changed
Whoever calls a function whose name ends in _ holds b.
"""
EDITS = {
    "xavier_uniform_": [("weight.uniform_(*A_)", "torch.empty_like(weight, requires_grad=False).uniform_(*A_)")],
    "xavier_normal_": [("weight.normal_(*A_)", "torch.empty_like(weight, requires_grad=False).normal_(*A_)")],
}

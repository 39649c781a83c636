"""You change an input tensor in place, or a list that you were given."""

HINT = (
    "Operations that end in _, assignments such as -= or x[…] = …, and pop() write into what the caller still holds. Make "
    "a new tensor, or work on x.clone()."
)
EDITS = {
    "sigmoid": [("return A_", "x *= 0.5\nreturn 0.5 * (1 + torch.tanh(x))")],
    "softplus": [("return A_", "start = torch.log1p(torch.exp(-x.abs()))\nreturn x.clamp_(min=0) + start")],
    "leaky_relu": [("return A_", "x[x < 0] *= slope\nreturn x")],
    "ELU": [("return A_", "x[x < 0] = negative[x < 0]\nreturn self.scale * x")],
    "PReLU": [("return A_", "x[x < 0] = (slope * x)[x < 0].to(x.dtype)\nreturn x")],
    "collapse": [
        ("weight, bias = weights[0], biases[0]", "weight, bias = weights.pop(0), biases.pop(0)"),
        ("zip(weights[1:], biases[1:])", "zip(weights, biases)"),
    ],
    "saturated_fraction": [("torch.tanh(x) ** 2", "x.tanh_() ** 2")],
    "dead_units": [("return A_", "z[z < 0] = 0.0\nreturn (z == 0).all(0)")],
    "softmax": [("e = torch.exp(x - A_)", "x -= A_\ne = torch.exp(x)")],
    "log_softmax": [("shifted = x - A_", "x -= A_\nshifted = x")],
    "cross_entropy": [("BEFORE chosen = A_", "scores -= scores.amax(1, keepdim=True)")],
}

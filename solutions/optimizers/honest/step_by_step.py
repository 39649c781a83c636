"""One operation a line, as in a first course, with asserts and timing on the way."""

import torch

EXTRA_CELLS = [
    "%%time\ntotal = 0\nfor i in range(100):\n    total += i\ntotal",
    "a = torch.ones(2, dtype=torch.float64)\nassert torch.equal(a + a, 2 * a)\ndisplay(a)",
]


@torch.no_grad()
def sgd_step(param, grad, lr):
    change = torch.mul(grad, lr)
    new_param = torch.sub(param, change)
    return new_param


@torch.no_grad()
def nesterov_step(param, grad, velocity, lr, momentum):
    new_velocity = torch.mul(velocity, momentum)
    new_velocity = torch.add(new_velocity, grad)
    direction = torch.mul(new_velocity, momentum)
    direction = torch.add(direction, grad)
    new_param = torch.sub(param, torch.mul(direction, lr))
    return new_param, new_velocity


@torch.no_grad()
def adagrad_step(param, grad, square_sum, lr, eps):
    squares = torch.pow(grad, 2)
    new_sum = torch.add(square_sum, squares)
    root = torch.sqrt(new_sum)
    quotient = torch.div(grad, torch.add(root, eps))
    new_param = torch.sub(param, torch.mul(quotient, lr))
    return new_param, new_sum


@torch.no_grad()
def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    squares = torch.pow(grad, 2)
    new_square_avg = torch.add(torch.mul(square_avg, rho), torch.mul(squares, 1 - rho))
    numerator = torch.sqrt(torch.add(delta_avg, eps))
    denominator = torch.sqrt(torch.add(new_square_avg, eps))
    delta = torch.mul(torch.div(numerator, denominator), grad)
    new_delta_avg = torch.add(torch.mul(delta_avg, rho), torch.mul(torch.pow(delta, 2), 1 - rho))
    new_param = torch.sub(param, torch.mul(delta, lr))
    return new_param, new_square_avg, new_delta_avg


def compare_optimizers(curvature, x0, lr, steps):
    results = {}
    for name in ["sgd", "momentum", "adam"]:
        state = {
            "x": x0.clone(),
            "v": torch.zeros_like(x0),
            "m": torch.zeros_like(x0),
            "s": torch.zeros_like(x0),
        }
        losses = torch.empty(steps + 1, dtype=x0.dtype, device=x0.device)
        for i in range(steps + 1):
            x = state["x"]
            losses[i] = torch.sum(curvature * x * x) / 2
            grad = torch.mul(curvature, x)
            if name == "sgd":
                state["x"] = sgd_step(x, grad, lr)
            if name == "momentum":
                state["x"], state["v"] = momentum_step(x, grad, state["v"], lr, 0.9)  # noqa: F821
            if name == "adam":
                state["x"], state["m"], state["s"] = adam_step(  # noqa: F821
                    x, grad, state["m"], state["s"], i + 1, lr, 0.9, 0.999, 1e-8
                )
        results[name] = losses
    return results

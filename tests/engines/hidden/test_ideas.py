"""Which wrong ideas an exercise shows: two at once, one beside a changed input, and none if unknown."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import pytest
from rehearsal import Rehearsal, rehearse

from autograder.engines.hidden.ideas import NamedIdeas

#: Answers as students write them, with the ids that they show: assignment, exercise, source, ids.
ANSWERS: dict[str, tuple[str, str, str, str]] = {
    "d01": (
        "optimizers",
        "adam_step",
        """
def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad ** 2
    param = param - lr * m / torch.sqrt(v + eps)
    return param, m, v
""",
        "adam-no-bias-correction adam-eps-inside-sqrt",
    ),
    "d17": (
        "optimizers",
        "adagrad_step",
        """
def adagrad_step(param, grad, square_sum, lr, eps):
    param = param - lr * grad / torch.sqrt(square_sum + eps)
    square_sum = square_sum + grad ** 2
    return param, square_sum
""",
        "adagrad-stale-sum adagrad-eps-inside-sqrt",
    ),
    "a06": (
        "optimizers",
        "adam_step",
        """
def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m.mul_(beta1).add_(grad, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    param.addcdiv_(m, v.sqrt() + eps, value=-lr)
    return param, m, v
""",
        "adam-no-bias-correction in-place",
    ),
    "u04": (
        "optimizers",
        "adam_step",
        """
def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = (beta1 * m + (1 - beta1) * grad).float()
    v = (beta2 * v + (1 - beta2) * grad ** 2).float()
    mc, vc = m / (1 - beta1), v / (1 - beta2)
    return (param - lr * mc / (vc.sqrt() + eps)).float(), m, v
""",
        "adam-t-frozen dtype-lost",
    ),
    "u02": (
        "optimizers",
        "momentum_step",
        """
def momentum_step(param, grad, velocity, lr, momentum):
    velocity = momentum * velocity - grad
    return param - lr * velocity, velocity
""",
        "",
    ),
    "u03": (
        "optimizers",
        "Adam",
        """
class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))
    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad + group["weight_decay"] * p
                st = self.state[p]
                if len(st) == 0:
                    st["t"] = 0
                    st["m"] = torch.zeros_like(p)
                    st["v"] = torch.zeros_like(p)
                st["t"] += 1
                st["m"] = b1 * st["m"] + (1 - b1) * g
                st["v"] = b2 * st["v"] + (1 - b2) * g * g
                mh = st["m"] / (1 - b1 ** st["t"])
                vh = st["v"] / (1 - b2 ** st["t"])
                p -= group["lr"] * (mh / torch.sqrt(vh + group["eps"]) )
""",
        "adam-eps-inside-sqrt",
    ),
    "a20": (
        "optimizers",
        "Momentum",
        """
class Momentum(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, dict(lr=lr, momentum=momentum, nesterov=nesterov))
    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        g0 = self.param_groups[0]
        for p in g0["params"]:
            if p.grad is not None:
                v = self.state[p].get("v", torch.zeros_like(p))
                v = g0["momentum"] * v + (1 - g0["momentum"]) * p.grad
                self.state[p]["v"] = v
                d = p.grad + g0["momentum"] * v if g0["nesterov"] else v
                p -= g0["lr"] * d
        return loss
""",
        "momentum-ema first-group-only",
    ),
    "d24": (
        "sequential",
        "build_mlp",
        """
def build_mlp(sizes):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(nn.Linear(sizes[i], sizes[i + 1], bias=False))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)
""",
        "mlp-extra-bias-less mlp-activation-after-last",
    ),
    "b09": (
        "sequential",
        "build_lenet",
        """
def build_lenet(num_classes=10):
    first = [nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 6), nn.ReLU(), nn.MaxPool2d(2)]
    last = [nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, num_classes)]
    return nn.Sequential(*first, *last, nn.Softmax(dim=1))
""",
        "lenet-final-softmax lenet-kernel-six",
    ),
    "b06": (
        "sequential",
        "predict",
        """
def predict(model, x):
    return model(x)
""",
        "predict-in-train-mode predict-keeps-graph",
    ),
    "c01": (
        "xavier",
        "xavier_uniform_",
        """
def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = fans(weight)
    a = math.sqrt(3.0 / fan_in)
    with torch.no_grad():
        weight.uniform_(-a, a, generator=generator)
    return weight
""",
        "xavier-fan-in xavier-gain-ignored",
    ),
    "c07": (
        "xavier",
        "forward_variances",
        """
def forward_variances(model, x):
    out = []
    hs = []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            hs.append(m.register_forward_hook(lambda mod, i, o: out.append(float(i[0].detach().var()))))
    model(x)
    for h in hs: h.remove()
    return out
""",
        "variances-of-input variances-unbiased",
    ),
    "g06": (
        "gradients",
        "linear_gradients",
        """
def linear_gradients(model):
    out = {}
    for n, m in model.named_modules():
        if isinstance(m, nn.Linear):
            if m.weight.grad is None:
                raise RuntimeError("call backward")
            out[n] = m.weight.grad
            if m.bias is not None:
                out[n + ".bias"] = m.bias.grad
    return out
""",
        "gradients-include-bias gradients-alias",
    ),
    "g01": (
        "gradients",
        "chain_gradient",
        """
def chain_gradient(x, weights, activation, upstream=1.0):
    f = {"sigmoid": lambda z: 1/(1+math.exp(-z)), "tanh": math.tanh, "relu": lambda z: max(z, 0.0)}[activation]
    d = {"sigmoid": lambda h: h*(1-h), "tanh": lambda h: 1-h*h, "relu": lambda h: float(h > 0)}[activation]
    hs = [x]
    for w in weights[:-1]:
        hs.append(f(w*hs[-1]))
    g = upstream
    out = []
    for i in range(len(weights)-1, -1, -1):
        out.append(g)
        if i > 0:
            g = g * weights[i] * d(hs[i])
    return out
""",
        "chain-forgets-input chain-reversed",
    ),
    # Most of the failed checks raise: the pair has to explain those that answer.
    "raises mostly": (
        "activations",
        "PReLU",
        """
class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(num_channels))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)
""",
        "prelu-starts-at-zero prelu-last-dimension",
    ),
    # Far out, where all sums are one, two ideas together do nothing either.
    "idle": ("activations", "log_softmax", "def log_softmax(x, dim):\n    return x\n", ""),
    "idle too": ("activations", "log_softmax", "def log_softmax(x, dim):\n    return x - 0 * dim\n", ""),
}
#: Raises for every input, where known ideas raise in one check only.
RAISES = """
class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, {"lr": lr})

    def step(self, closure=None):
        return self.param_groups[0]["betas"]
"""


@functools.cache
def named(slug: str) -> dict[str, NamedIdeas]:
    """Return the ideas that the answers of one assignment show, once for each seed."""
    found: dict[str, NamedIdeas] = {}

    def use(rehearsal: Rehearsal) -> None:
        for key, (where, exercise, source, _) in ANSWERS.items():
            if where == slug:
                found[key] = _named(rehearsal, exercise, source)
        if slug == "optimizers":
            found["raises"] = _named(rehearsal, "Adam", RAISES)
            found["right"] = _named(rehearsal, "adam_step", "")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rehearse(slug, 3, use)
    return found


def _named(rehearsal: Rehearsal, exercise: str, source: str) -> NamedIdeas:
    names: dict[str, Any] = {**rehearsal.stubs(), **rehearsal.grader.reference}
    exec(source, names)
    traces, endings = rehearsal.grader.examine_trusted(exercise, names)
    return rehearsal.grader.recognise(exercise, traces, endings)


@pytest.mark.parametrize("key", ANSWERS)
def test_all_ideas_are_named(key: str) -> None:
    """If one of two is unknown, the known one; if both are, none."""
    slug, _, _, ids = ANSWERS[key]
    assert set(named(slug)[key].ids) == set(ids.split())


def test_a_convention_comes_after_a_mistake() -> None:
    """The more expensive idea is told first."""
    assert named("optimizers")["d01"].ids == ("adam-no-bias-correction", "adam-eps-inside-sqrt")


def test_what_the_known_idea_does_not_explain_is_said() -> None:
    """The student misplaces eps, and also loses the closure's loss: the check of the loss stays unexplained."""
    assert named("optimizers")["u03"].unexplained == ("asks_the_closure_for_its_loss",)
    assert not named("optimizers")["d01"].unexplained


def test_code_that_raises_everywhere_is_not_taken_for_an_idea_that_raises_once() -> None:
    """An exception leaves no answers, so it would match any other one."""
    assert named("optimizers")["raises"].ids == ()


def test_the_reference_shows_nothing() -> None:
    """If no check failed, there is no idea to name."""
    assert named("optimizers")["right"] == NamedIdeas()


def test_pairs_are_composed_once_and_their_answers_kept_as_a_few_numbers() -> None:
    """The second student with a pair of ideas costs no composition and few checks."""

    def use(rehearsal: Rehearsal) -> None:
        ideas = rehearsal.grader.ideas("adagrad_step")
        _named(rehearsal, "adagrad_step", ANSWERS["d17"][2])
        pairs, sketches = ideas.pairs(), dict(ideas._sketches)
        _named(rehearsal, "adagrad_step", ANSWERS["d17"][2])
        assert ideas.pairs() is pairs
        assert ideas._sketches == sketches
        assert all(len(s.numbers) <= 24 for s in sketches.values())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rehearse("optimizers", 3, use)

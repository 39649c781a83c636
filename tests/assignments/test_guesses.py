"""A guess that does not do the exercise has few points: a property of an empty or constant answer is no work."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from rehearsal import Rehearsal, answered
from torch import nn

#: torch warns once where a loss is read as a number.
pytestmark = pytest.mark.filterwarnings("ignore:Converting a tensor")

#: The part of an exercise's points, as weights, that a guess may get.
MOST = 0.15


def refuses(kind: type[Exception]) -> Callable[..., Any]:
    """Return a function that raises this exception in every call."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise kind

    return refuse


def answers(value: Any) -> Callable[..., Any]:
    """Return a function that gives this answer in every call."""
    return lambda *_, **__: value


class Passes(nn.Module):
    """A layer that keeps its argument and gives its input back."""

    def __init__(self, factor: float) -> None:
        """Keep the factor."""
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the input."""
        return x


class Cuts(Passes):
    """A layer that cuts the graph."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the input without a graph."""
        return x.detach()


class Held(nn.ModuleList):
    """A list of modules that runs nothing."""

    def __init__(self, *modules: nn.Module) -> None:
        """Take the modules one by one."""
        super().__init__(modules)


class HeldAndPassed(Held):
    """A list of modules whose forward gives its input back."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the input."""
        return x


class Listed(list[nn.Module]):
    """A list, and no module."""

    def __init__(self, *modules: nn.Module) -> None:
        """Take the modules one by one."""
        super().__init__(modules)


def all_normal(model: nn.Module, *_: Any, **__: Any) -> nn.Module:
    """Fill every parameter of every layer with normal numbers."""
    for parameter in model.parameters():
        parameter.data.normal_()
    return model


def empty(*_: Any) -> nn.Module:
    """Return a model without layers."""
    return nn.Sequential()


def one_linear(sizes: Any) -> nn.Module:
    """Return one layer from the first size to the last."""
    return nn.Linear(sizes[0], sizes[-1])


#: The guesses at each exercise, by assignment.
GUESSES: dict[str, dict[str, dict[str, Any]]] = {
    "tensors": {
        "even_grid": {
            "the start": lambda start, *_, dtype=torch.float64: torch.tensor([start], dtype=dtype),
            "both ends": lambda start, end, *_, dtype=torch.float64: torch.tensor([start, end], dtype=dtype),
            "refuses": refuses(ValueError),
        },
        "share_and_copy": {
            "two copies": lambda array, *_: (torch.tensor(array), torch.tensor(array)),
            "two with the value": lambda array, value: (
                2 * (torch.cat([torch.full((1,), value), torch.tensor(array[1:])]),)
            ),
            "two that share": lambda array, *_: (torch.from_numpy(array), torch.from_numpy(array)),
        },
        "one_hot": {
            "refuses": refuses(ValueError),
            "zeros": lambda labels, num_classes: torch.zeros(*labels.shape, num_classes),
        },
        "mean_squared_error": {"refuses": refuses(ValueError)},
        "tracked": {
            "f(x)": lambda f, x, *_, **__: f(x),
            "f(x) without a graph": lambda f, x, *_, **__: f(x).detach(),
            "requires_grad by hand": lambda f, x, enabled: f(x).detach().requires_grad_(enabled),
            "refuses": refuses(RuntimeError),
        },
        "second_derivative": {
            "zeros": lambda _, x: torch.zeros_like(x),
            "twos": lambda _, x: 2 * torch.ones_like(x),
        },
        "GradientScale": {"the input": Passes, "the input without a graph": Cuts},
    },
    "gradients": {
        "sigmoid_grad": {"a quarter": lambda x: 0.25 * torch.ones_like(x), "zeros": torch.zeros_like},
        "tanh_grad": {"ones": torch.ones_like, "zeros": torch.zeros_like},
        "relu_grad": {"ones": torch.ones_like, "zeros": torch.zeros_like},
        "linear_gradients": {"refuses": refuses(RuntimeError), "nothing": answers({})},
        "vanishing_ratio": {"one": answers(1.0), "the first": lambda profile: float(profile[0])},
        "diagnose": {word: answers(word) for word in ("vanishing", "exploding", "stable")},
    },
    "sequential": {
        "build_mlp": {"empty": empty, "one layer": one_linear},
        "build_named_mlp": {"empty": empty, "one layer": one_linear},
        "Chain": {"a ModuleList": Held, "a ModuleList that gives x back": HeldAndPassed, "a list": Listed},
        "trace_shapes": {
            "the input's shape": lambda model, x: [(name, tuple(x.shape)) for name, _ in model.named_children()],
            "nothing": answers([]),
            "refuses": refuses(ValueError),
        },
        "predict": {"the model": lambda model, x: model(x), "refuses": refuses(ValueError)},
    },
    "xavier": {
        "xavier_uniform_": {"uniform_": lambda w, *_, generator=None: w.data.uniform_(generator=generator)},
        "xavier_normal_": {"normal_": lambda w, *_, generator=None: w.data.normal_(generator=generator)},
        "init_xavier": {"all normal": all_normal},
    },
    "optimizers": {
        "gradient_descent": {"the start": lambda _, x0, *__: x0.unsqueeze(0)},
        "adagrad_step": {"as it was": lambda p, _, s, *__: (p.clone(), s.clone())},
        "rmsprop_step": {"as it was": lambda p, _, s, *__: (p.clone(), s.clone())},
    },
}


def shares_of(rehearsal: Rehearsal, guesses: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Return the share of the weights that each guess gets, by exercise and guess."""
    shares = {}
    for exercise, several in guesses.items():
        rehearsal.remember(exercise)
        checks = rehearsal.checks(exercise)
        for name, guess in several.items():
            verdict = rehearsal.verdict(exercise, {**rehearsal.grader.reference, exercise: guess})
            lost: set[str] = set(verdict.failed)
            for info in checks:
                if set(info.needs) & {check.partition("[")[0] for check in lost}:
                    lost.add(info.name)
            shares[exercise, name] = sum(c.weight for c in checks if c.name not in lost) / sum(c.weight for c in checks)
    return shares


@pytest.mark.parametrize("slug", GUESSES)
def test_a_guess_has_few_points(slug: str) -> None:
    """What does not do the exercise passes small checks at most."""
    found: dict[tuple[str, str], float] = answered(slug, 3, lambda rehearsal: shares_of(rehearsal, GUESSES[slug]))
    assert {guess: round(share, 3) for guess, share in found.items() if share > MOST} == {}

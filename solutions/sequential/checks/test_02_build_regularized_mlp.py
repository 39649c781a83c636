"""Hidden checks of `build_regularized_mlp`.

Only the convention check tells Linear → ReLU → BatchNorm1d from Linear → BatchNorm1d → ReLU. All others work where
the two agree exactly: with statistics and biases of zero a normalisation in evaluation mode is a positive factor,
and such a factor may stand on either side of a ReLU; and where every activation is positive, a ReLU does nothing.
"""

import pytest
import torch

from autograder.checks import close, drawn_state, expect_model, fail, inputs_unchanged, repeatable, same_numbers

pytestmark = pytest.mark.exercise("build_regularized_mlp")

#: The standard deviation of a share of n draws is at most ½/√n; so far off is one in a billion.
FAR = 6.2


def parts(layout):
    """Yield name, last part of the name, and whether the entry belongs to a normalisation."""
    normalised = False
    for name, (shape, _) in layout.items():
        last = name.rpartition(".")[2]
        if last == "weight":
            normalised = len(shape) == 1
        yield name, last, normalised


def scaled(layout, seed):
    """Draw a state in which every normalisation multiplies by a positive factor and adds nothing."""
    state = drawn_state(layout, seed)
    for name, last, normalised in parts(layout):
        if normalised and last == "weight":
            state[name] = state[name].abs() + 0.1
        elif normalised and last in {"bias", "running_mean"}:
            state[name] = torch.zeros_like(state[name])
    return state


def positive(layout, seed):
    """Draw a state that makes every activation positive, if the inputs are."""
    state = drawn_state(layout, seed)
    for name, last, _ in parts(layout):
        if last == "weight":
            state[name] = state[name].abs() + 0.1
        elif last == "bias":
            state[name] = state[name].abs() + 12.0
    return state


def both(student, reference, sizes, dropout):
    """Build the same network on both sides."""
    return student.build_regularized_mlp(sizes, dropout), reference.build_regularized_mlp(sizes, dropout)


@pytest.mark.weight(2)
def test_evaluation_mode(student, reference, draw):
    """In evaluation mode each hidden layer is linear, cut off below zero, and scaled; the last is linear only."""
    seed = draw.integer(0, 1 << 40)
    mine, due = both(student, reference, [4, 6, 5, 3], 0.4)
    # The gradient of a normalisation's shift is another one on the other side of a ReLU.
    x = draw.normal(9, 4)
    same_numbers(mine, due, x, lambda layout: scaled(layout, seed), modes=["evaluation"], gradients=False)


def test_works_in_float32(student, reference, draw):
    """In float32 the outputs are those of the same layers, to single precision."""
    seed = draw.integer(0, 1 << 40)
    mine, due = both(student, reference, [4, 6, 2], 0.4)
    x = draw.normal(5, 4, dtype=torch.float32)
    options = {"modes": ["evaluation"], "gradients": False, "dtype": torch.float32, "ops": 256}
    same_numbers(mine, due, x, lambda layout: scaled(layout, seed), **options)


@pytest.mark.weight(2)
def test_normalises_over_the_batch(student, reference, draw):
    """In training mode, without dropout, every hidden layer is normalised over the batch."""
    seed = draw.integer(0, 1 << 40)
    mine, due = both(student, reference, [4, 6, 5, 3], 0.0)
    same_numbers(mine, due, draw.uniform(0, 1, 8, 4), lambda layout: positive(layout, seed))


@pytest.mark.weight(2)
@pytest.mark.parametrize("dropout", [0.2, 0.7])
def test_drops_what_was_normalised(student, reference, draw, dropout):
    """In training mode the last Linear sees zeros in the share that is asked for, and elsewhere values scaled up."""
    seed, width = draw.integer(0, 1 << 40), 16
    x = draw.uniform(0, 1, 64, 3)
    mine, due = both(student, reference, [3, width, width], dropout)
    model = expect_model(mine)
    layout = model.layout()
    if [s for s, _ in layout.values()] != [s for s, _ in due.layout().values()]:
        fail("The model has other parameters or buffers than the layers that are asked for.")

    def transparent(layout):
        state = positive(layout, seed)
        *_, weight, bias = layout
        state[weight], state[bias] = torch.eye(width).double(), torch.zeros(width).double()
        return state

    without = reference.build_regularized_mlp([3, width, width], 0.0)
    without.load(transparent(without.layout()))
    without.train()
    kept = without.forward(x)
    model.load(transparent(layout))
    model.train()
    student.tools.seed(seed)
    found = model.forward(x)
    if not isinstance(found, torch.Tensor) or found.shape != kept.shape:
        fail("The output does not have the shape of the last layer's.")
    dropped = found == 0
    if abs(float(dropped.double().mean()) - dropout) > FAR * 0.5 / dropped.numel() ** 0.5:
        fail("Dropout does not leave out the share that is asked for of what the last layer gets.")
    close(found, torch.where(dropped, torch.zeros_like(kept), kept / (1 - dropout)), "what the last layer gets")


def test_drops_in_every_hidden_layer(student, reference, draw, device):
    """With two hidden layers both drop out; in evaluation mode none does."""
    seed = draw.integer(0, 1 << 40)
    mine, due = both(student, reference, [3, 8, 8, 2], 0.5)
    # Another device draws other masks.
    for mode in ("evaluation", "training") if device == "cpu" else ("evaluation",):
        for side in (student, reference):
            side.tools.seed(seed)
        same_numbers(mine, due, draw.uniform(0, 1, 12, 3), lambda layout: positive(layout, seed), modes=[mode])


def test_no_hidden_layer(student, reference, draw):
    """Two sizes give one bare Linear layer."""
    mine, due = both(student, reference, [3, 2], 0.5)
    same_numbers(mine, due, draw.normal(6, 3), draw.integer(0, 1 << 40))


@pytest.mark.convention
@pytest.mark.weight(3)
def test_activation_before_normalisation(student, reference, draw):
    """In this course the ReLU stands before the BatchNorm1d."""
    mine, due = both(student, reference, [4, 6, 5, 3], 0.0)
    same_numbers(mine, due, draw.normal(10, 4), draw.integer(0, 1 << 40))


def test_is_a_sequential(student):
    """The model is an nn.Sequential."""
    if not expect_model(student.build_regularized_mlp([2, 3, 1], 0.5)).is_a("nn.Sequential"):
        fail("The model computes something, but it is not an nn.Sequential.")


def test_every_call_builds_the_same_layers(student):
    """A second call gives a model of the same layers, and the list of sizes stays as it is."""
    repeatable(student, "build_regularized_mlp", [3, 4, 2], 0.5)
    inputs_unchanged(student)

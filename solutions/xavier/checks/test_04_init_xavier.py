"""Hidden checks of `init_xavier`: every parameter of a model before and after the call.

The statistics are those of `xavier_uniform_`, at 16,384 numbers and more per weight: false alarms below 1e-9 for
each, a variance that is 5 % off is told. The exercise builds on an earlier one: weights of the law that the student's
own `xavier_uniform_` has count as right, so that a mistake there is not paid for twice.
"""

import math

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    StudentError,
    alike,
    batchnorm1d,
    conv2d,
    fail,
    follows,
    initial_state,
    linear,
    relu,
    routed,
    sequential,
    uniform,
)

pytestmark = pytest.mark.exercise("init_xavier")

#: Nothing runs forward here, so the layers need not fit to each other.
PLAN = sequential(
    linear(256, 64),
    relu(),
    batchnorm1d(40),
    conv2d(24, 48, 5),
    sequential(linear(192, 128), sequential(inner=linear(96, 200))),
    routed(["b", "a"], a=linear(160, 112), b=relu()),
)
FANS = {
    "0.weight": (256, 64),
    "3.weight": (600, 1200),
    "4.0.weight": (192, 128),
    "4.1.inner.weight": (96, 200),
    "5.a.weight": (160, 112),
}
NESTED = ("4.0", "4.1.inner", "5.a")


def initialise(student, draw, plan=PLAN, dtype=torch.float32, *, gain=1.0):
    """Build a model, initialise it, and return its state before and after, the model and what came back."""
    model = student.tools.model(plan, initial_state(plan, draw.integer(1, 10**6), dtype))
    before = model.state()
    student.tools.seed(draw.integer(1, 10**6))
    result = student.init_xavier(model) if gain == 1 else student.init_xavier(model, gain)
    after = model.state()
    if before.keys() != after.keys() or any(before[name].shape != after[name].shape for name in before):
        fail("The model's parameters, or their shapes, are not what they were.")
    if all(torch.equal(before[name], after[name]) for name in before if name.endswith("weight")):
        # Who looks at a model's children alone does not see a model that is a layer itself.
        fail("No weight of the model was changed.", None if len(before) > 2 else "init-skips-nested")
    return before, after, model, result


def is_xavier(student, draw, weight, fans, gain=1.0):
    """Require that a weight follows the law that is expected, or that of the student's own function."""
    bound = gain * math.sqrt(6 / sum(fans))
    try:
        follows(weight, uniform(-bound, bound), "the weights")
    except CheckFailure:
        try:
            own = student.xavier_uniform_(draw.uniform(3, 5, *weight.shape, dtype=weight.dtype), gain)
        except StudentError:
            own = None
        right = uniform(-bound, bound)
        if not isinstance(own, torch.Tensor) or own.shape != weight.shape or not alike(own, weight):
            raise
        # It has to be another law than ours, and one that was drawn from.
        follows_ours = True
        try:
            follows(own, right, "the weights")
        except CheckFailure:
            follows_ours = False
        if follows_ours or torch.unique(weight).numel() < weight.numel() / 2:
            raise


def seeds_itself(student, draw):
    """Whether the student's own `xavier_uniform_` repeats its numbers; that is paid for there."""
    weight = draw.uniform(3, 5, 64, 64, dtype=torch.float32)
    try:
        first, second = (student.xavier_uniform_(weight) for _ in range(2))
    except StudentError:
        return False
    return isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor) and torch.equal(first, second)


def unchanged(before, after, *names):
    """Whether these entries of the state are all as they were."""
    return all(torch.equal(before[name], after[name]) for name in names)


def tells_apart(before, after):
    """Require that weights, biases and norms are not all filled alike: who fills everything has chosen nothing."""
    biases = [name for name in before if name.endswith("bias") and not name.startswith("2.")]
    norm = [name for name in before if name.startswith("2.")]
    if not (unchanged(before, after, *norm) or any(unchanged(before, after, n) or not after[n].any() for n in biases)):
        fail("All parameters were filled alike: weights, biases and those of a BatchNorm.")


@pytest.mark.weight(2)
def test_linear_weights_are_xavier(student, draw):
    """A Linear's weight gets independent uniform numbers of Xavier's variance."""
    _, after, _, _ = initialise(student, draw)
    is_xavier(student, draw, after["0.weight"], FANS["0.weight"])


@pytest.mark.weight(2)
def test_reaches_every_depth(student, draw):
    """Linear layers inside other modules, of any class and at any depth, are initialised too."""
    before, after, _, _ = initialise(student, draw)
    if any(unchanged(before, after, f"{name}.weight", f"{name}.bias") for name in NESTED):
        known = not unchanged(before, after, "0.weight")
        fail("A layer inside another module is as it was.", "init-skips-nested" if known else None)
    for name in NESTED:
        is_xavier(student, draw, after[f"{name}.weight"], FANS[f"{name}.weight"])


@pytest.mark.weight(2)
def test_convolutions_are_xavier(student, draw):
    """A Conv2d's weight gets numbers of Xavier's variance, with fans that count the kernel."""
    before, after, _, _ = initialise(student, draw)
    if unchanged(before, after, "3.weight"):
        known = not unchanged(before, after, "0.weight")
        fail("The weight of a Conv2d is as it was.", "init-skips-conv" if known else None)
    is_xavier(student, draw, after["3.weight"], FANS["3.weight"])


@pytest.mark.weight(2)
def test_biases_are_zero(student, draw):
    """The biases of the layers that get new weights are zero afterwards."""
    before, after, _, _ = initialise(student, draw)
    # Whether a layer is reached at all is another check's question.
    reached = [n.removesuffix(".weight") for n in FANS if not unchanged(before, after, n)] or ["0"]
    if any(unchanged(before, after, f"{name}.bias") for name in reached):
        fail("The weights were changed, but a bias is as it was.", "init-bias-untouched")
    if any(after[f"{name}.bias"].any() for name in reached):
        fail("A bias is not zero.")


def test_everything_else_stays(student, draw):
    """Parameters and buffers of other layers are as they were before."""
    before, after, _, _ = initialise(student, draw)
    others = [name for name in before if name.startswith("2.")]
    if not unchanged(before, after, *others):
        fail("A BatchNorm is not as it was.", "init-touches-norm")


@pytest.mark.weight(2)
def test_parameters_stay_the_same_objects(student, draw):
    """What is returned is the model itself, and its parameters are the objects that they were."""
    before, after, model, result = initialise(student, draw)
    if not all(model.identities().values()):
        fail("A parameter is no longer the same object: an optimizer would go on with the old one.", "init-rebinds")
    if not all(model.requires_grad().values()):
        fail("A parameter no longer requires a gradient.")
    if type(result) is not type(model) or not result.same_as(model):
        fail("What comes back is not the model that was given.")
    tells_apart(before, after)


def test_gain_is_a_factor(student, draw):
    """The gain multiplies all weights."""
    _, after, _, _ = initialise(student, draw, sequential(linear(256, 64), linear(192, 128)), gain=0.5)
    is_xavier(student, draw, after["0.weight"], (256, 64), 0.5)
    is_xavier(student, draw, after["1.weight"], (192, 128), 0.5)


def test_takes_layers_without_bias_and_a_single_layer(student, draw):
    """A layer may have no bias, one input or one output, and the model may be a single Linear."""
    for inputs, outputs in ((256, 64), (1, 400), (400, 1)):
        _, after, _, _ = initialise(student, draw, linear(inputs, outputs, bias=False))
        is_xavier(student, draw, after["weight"], (inputs, outputs))


def test_layers_get_numbers_of_their_own(student, draw):
    """Two layers of one shape get different weights, and so does one layer in two calls."""
    plan = sequential(linear(64, 64), linear(64, 64))
    first, second = (initialise(student, draw, plan)[1] for _ in range(2))
    weights = [state[name] for state in (first, second) for name in ("0.weight", "1.weight")]
    if any(torch.equal(a, b) for i, a in enumerate(weights) for b in weights[:i]) and not seeds_itself(student, draw):
        fail("The same weights come twice: a seed is set inside, or one draw is used for all.")
    tells_apart(*initialise(student, draw)[:2])


def test_keeps_float64(student, draw):
    """A float64 model stays one."""
    before, after, _, _ = initialise(student, draw, sequential(linear(64, 64), relu()), torch.float64)
    if any(after[name].dtype is not before[name].dtype for name in before):
        fail("The model was float64 and no longer is.", "dtype-lost")
    tells_apart(*initialise(student, draw)[:2])

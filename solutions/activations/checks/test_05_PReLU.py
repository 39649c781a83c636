"""Hidden checks of `PReLU`. Where numbers matter the slopes are loaded by order, so that their name is one check's."""

import pytest
import torch

from autograder.checks import close, drawn_state, expect_model, fail, inputs_unchanged

pytestmark = pytest.mark.exercise("PReLU")


def both_sides(draw, *shape):
    """Return numbers away from zero, of both signs in every row."""
    x = draw.uniform(0.2, 3, *shape)
    x[..., ::2] *= -1
    return x


def layers(student, reference, draw, channels, dtype=torch.float64):
    """Return the layer of both sides with the same slopes, all different."""
    seed = draw.integer(1, 10**6)
    made = []
    for side in (student, reference):
        layer = expect_model(side.PReLU(channels), "the layer")
        layer.to(dtype)
        # What a slope is called must not decide which numbers are drawn for it.
        layout = layer.layout()
        drawn = drawn_state({f"{i}.weight": entry for i, entry in enumerate(layout.values())}, seed)
        layer.load({name: value.to(dtype) for name, value in zip(layout, drawn.values(), strict=True)})
        made.append(layer)
    return made


@pytest.mark.weight(2)
def test_has_one_parameter_for_each_channel(student):
    """The layer has one entry in its state_dict: the parameter weight, of shape (num_channels,)."""
    layer = expect_model(student.PReLU(3), "the layer")
    shapes = {name: shape for name, (shape, _) in layer.layout().items()}
    learns = layer.requires_grad()
    if not learns:
        fail("The layer has no parameters: nothing in it can be trained.")
    alone = list(shapes.values()) == [(3,)] and set(learns) == set(shapes)
    if student.tools.observe("another name", alone and "weight" not in shapes):
        fail("The parameter has the right shape, but it is not called weight.", "prelu-other-name")
    if shapes != {"weight": (3,)} or set(learns) != {"weight"}:
        fail("One parameter called weight, of shape (3,), is asked for with three channels.")


@pytest.mark.weight(2)
def test_slopes_are_trained(student, reference, draw):
    """A backward pass gives every slope its gradient, summed over all negative inputs of its channel."""
    mine, due = layers(student, reference, draw, 3)
    x, upstream = both_sides(draw, 4, 3, 2), draw.normal(4, 3, 2)
    found, expected = mine.backward(x, upstream)[1], due.backward(x, upstream)[1]
    if not found or any(g is None for g in found.values()):
        fail("The slopes get no gradient: they cannot be trained.")
    close(list(found.values()), list(expected.values()), "the gradient of the slopes")


def test_starts_at_init(student, reference, draw):
    """A fresh layer has the slope init everywhere, and 0.25 if nobody says otherwise."""
    # Exact in float32, in which parameters are made.
    init = draw.integer(20, 60) / 64
    x = both_sides(draw, 2, 3)
    for given in ((3, init), (3,), ()):
        mine, due = (expect_model(side.PReLU(*given), "the layer") for side in (student, reference))
        for layer in (mine, due):
            layer.to(torch.float64)
            # What is loaded, its own start here, is where the inputs are.
            layer.load(layer.state())
        close(mine.forward(x), due.forward(x), "the activation of a fresh layer")


@pytest.mark.weight(2)
def test_each_channel_has_its_slope(student, reference, draw):
    """For (batch, channels) each column has a slope of its own, and positive numbers stay."""
    mine, due = layers(student, reference, draw, 4)
    x = both_sides(draw, 3, 4)
    close(mine.forward(x), due.forward(x), "the activation")


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(2, 3, 3), (2, 3, 4, 5)], ids=["square", "images"])
def test_channels_are_dimension_one(student, reference, draw, shape):
    """For (batch, channels, …) the slopes stand along dimension 1."""
    mine, due = layers(student, reference, draw, 3)
    x = both_sides(draw, *shape)
    close(mine.forward(x), due.forward(x), "the activation")


@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)], ids=["one", "two", "three"])
def test_one_slope_serves_all(student, reference, draw, shape):
    """A layer with one slope takes any shape of one dimension or more."""
    mine, due = layers(student, reference, draw, 1)
    x = both_sides(draw, *shape)
    close(mine.forward(x), due.forward(x), "the activation")


def test_gradient_of_x_is_right(student, reference, draw):
    """A gradient passes unchanged where x is positive, and times the slope where it is negative; at ±1000 too."""
    mine, due = layers(student, reference, draw, 2)
    x, upstream = both_sides(draw, 4, 2), draw.normal(4, 2)
    x[0] = torch.tensor([-1000.0, 1000.0])
    close(mine.backward(x, upstream)[2], due.backward(x, upstream)[2], "the gradient")


def test_keeps_float32(student, reference, draw):
    """A layer in float32 keeps float32."""
    mine, due = layers(student, reference, draw, 3, torch.float32)
    x = both_sides(draw, 2, 3, 4).float()
    close(mine.forward(x), due.forward(x), "the activation", dtype=torch.float32)


def test_layers_are_independent(student, reference, draw):
    """A second layer with other slopes changes nothing about the first one."""
    (first, due), _ = layers(student, reference, draw, 3), layers(student, reference, draw, 2)
    x = both_sides(draw, 2, 3)
    close(first.forward(x), due.forward(x), "the first layer's activation after a second was made")


def test_leaves_x_alone(student, draw, device):
    """x is the same afterwards, and a second call gives the same answer."""
    layer, x = student.tools.object("PReLU", 3), both_sides(draw, 4, 3).float()
    layer.call("to", device)
    first = layer.call("", x)
    inputs_unchanged(student)
    close(layer.call("", x), first, "the answer to the second of two calls", dtype=torch.float32)

"""Hidden checks of `ELU`. No input is zero; numbers next to zero are compared among themselves."""

import pytest
import torch

from autograder.checks import close, expect_model, inputs_unchanged

pytestmark = pytest.mark.exercise("ELU")


def layers(student, reference, *args, **kwargs):
    """Return the layer of both sides, in float64 and in training mode."""
    made = [expect_model(side.ELU(*args, **kwargs), "the layer") for side in (student, reference)]
    for layer in made:
        layer.to(torch.float64)
    return made


def constants(draw):
    """Return alpha and scale, both away from one."""
    return draw.uniform(1.4, 1.9, 1).item(), draw.uniform(0.5, 0.8, 1).item()


def both_sides(draw, *shape):
    """Return numbers away from zero, of both signs in every row."""
    x = draw.uniform(0.2, 3, *shape)
    x[..., ::2] *= -1
    return x


@pytest.mark.weight(2)
def test_is_exponential_below_zero(student, reference, draw):
    """With the usual constants it is x where x is positive, and eˣ − 1 elsewhere."""
    mine, due = layers(student, reference)
    x = both_sides(draw, 3, 4)
    close(mine.forward(x), due.forward(x), "the activation")


@pytest.mark.weight(2)
def test_alpha_stands_before_the_exponential(student, reference, draw):
    """Far to the left it levels off at −alpha."""
    mine, due = layers(student, reference, constants(draw)[0])
    x = both_sides(draw, 3, 4)
    close(mine.forward(x), due.forward(x), "the activation")


@pytest.mark.weight(2)
def test_scale_multiplies_both_sides(student, reference, draw):
    """scale multiplies positive and negative values alike."""
    alpha, scale = constants(draw)
    mine, due = layers(student, reference, alpha=alpha, scale=scale)
    x = both_sides(draw, 2, 3, 2)
    close(mine.forward(x), due.forward(x), "the activation")


@pytest.mark.weight(2)
def test_keeps_its_digits_next_to_zero(student, reference, draw):
    """For x around −10⁻¹⁴ the value is right to nine digits."""
    mine, due = layers(student, reference, *constants(draw))
    # Of eˣ − 1 two digits are left there: fewer than of a float32, so that the two are not confused.
    x = -1e-14 * draw.uniform(1, 2, 4)
    close(mine.forward(x), due.forward(x), "the activation next to zero")


@pytest.mark.weight(2)
def test_gradient_is_right(student, reference, draw):
    """A gradient is multiplied by scale where x is positive, and by scale·alpha·eˣ elsewhere."""
    mine, due = layers(student, reference, *constants(draw))
    x, upstream = both_sides(draw, 3, 4), draw.normal(3, 4)
    close(mine.backward(x, upstream)[2], due.backward(x, upstream)[2], "the gradient")


@pytest.mark.weight(2)
def test_gradient_is_finite_far_out(student, reference, draw):
    """Up to ±1000 value and gradient are numbers, and no NaN."""
    mine, due = layers(student, reference, *constants(draw))
    far = draw.uniform(800, 1000, 2)
    x, upstream = torch.cat([both_sides(draw, 3), far, -far]), draw.normal(7)
    found, expected = mine.backward(x, upstream), due.backward(x, upstream)
    close(found[0], expected[0], "the activation")
    close(found[2], expected[2], "the gradient")


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    alpha, scale = constants(draw)
    mine, due = (expect_model(side.ELU(alpha, scale), "the layer") for side in (student, reference))
    x = both_sides(draw, 3, 4).float()
    close(mine.forward(x), due.forward(x), "the activation", dtype=torch.float32)


def test_layers_are_independent(student, reference, draw):
    """A second layer with other constants changes nothing about the first one."""
    x, (alpha, scale) = both_sides(draw, 2, 3), constants(draw)
    (first, due), _ = layers(student, reference, alpha, scale), layers(student, reference, 0.5, 3.0)
    close(first.forward(x), due.forward(x), "the first layer's activation after a second was made")


def test_leaves_x_alone(student, draw):
    """x is the same afterwards, and a second call gives the same answer."""
    layer, x = student.tools.object("ELU", 1.5), both_sides(draw, 3, 4)
    first = layer.call("", x)
    inputs_unchanged(student)
    close(layer.call("", x), first, "the answer to the second of two calls")

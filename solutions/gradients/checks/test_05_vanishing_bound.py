"""Hidden checks of `vanishing_bound`. Most grant the precision of float32, see `chain_gradient`."""

import pytest
import torch

from autograder.checks import close, repeatable

pytestmark = pytest.mark.exercise("vanishing_bound")

SINGLE = {"dtype": torch.float32, "ops": 256}


def weights_for(draw, n):
    """Return n weights of both signs, away from one."""
    signs = torch.where(draw.uniform(0, 1, n) < 0.5, -1.0, 1.0)
    return (draw.uniform(1.3, 3, n) * signs).tolist()


@pytest.mark.weight(2)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_is_the_product_that_bounds_the_gradient(student, reference, draw, n):
    """The sizes of upstream, x and all weights but the first, and one quarter for every activation."""
    x, upstream = float(draw.uniform(0.3, 0.8, 1)), float(draw.uniform(2, 3, 1))
    weights = weights_for(draw, n)
    close(
        student.vanishing_bound(x, weights, upstream),
        reference.vanishing_bound(x, weights, upstream),
        "the bound",
        **SINGLE,
    )


def test_upstream_is_one_by_default(student, reference, draw):
    """Without an upstream gradient the bound is that of ∂y/∂w₁."""
    x, weights = float(draw.uniform(0.3, 0.8, 1)), weights_for(draw, 4)
    close(student.vanishing_bound(x, weights), reference.vanishing_bound(x, weights), "the bound", **SINGLE)


def test_signs_do_not_matter(student, reference, draw):
    """A negative input and a negative upstream gradient make the same positive bound."""
    x, weights = -float(draw.uniform(0.3, 0.8, 1)), [-abs(w) for w in weights_for(draw, 4)]
    close(student.vanishing_bound(x, weights, -2.5), reference.vanishing_bound(x, weights, -2.5), "the bound", **SINGLE)


def test_a_single_weight_has_no_activation(student, draw):
    """With one weight the bound is the size of x times upstream."""
    x = float(draw.uniform(0.3, 0.8, 1))
    close(student.vanishing_bound(x, weights_for(draw, 1), 2.0), 2 * x, "the bound", **SINGLE)


def test_reaches_far_down(student, reference, draw):
    """Thirty layers: the bound is tiny, and far from zero."""
    x, weights = float(draw.uniform(0.3, 0.8, 1)), draw.uniform(0.5, 1.5, 30).tolist()
    close(student.vanishing_bound(x, weights), reference.vanishing_bound(x, weights), "the bound", **SINGLE)


def test_computes_in_double_precision(student, reference, draw):
    """Python numbers in, Python numbers of the same precision out; and the same again when asked again."""
    x, weights = float(draw.uniform(0.3, 0.8, 1)), weights_for(draw, 3)
    mine = repeatable(student, "vanishing_bound", x, weights)
    close(mine, reference.vanishing_bound(x, weights), "the bound")

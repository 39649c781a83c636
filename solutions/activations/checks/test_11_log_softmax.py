"""Hidden checks of `log_softmax`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("log_softmax")


@pytest.mark.weight(2)
@pytest.mark.parametrize("dim", [0, 1])
def test_is_the_logarithm_of_the_softmax(student, draw, dim):
    """Along dim the entries are x − log Σ eˣ."""
    x = 2 * draw.normal(3, 4)
    close(student.log_softmax(x, dim), torch.log_softmax(x, dim), "the logarithms")


def test_takes_any_dimension(student, draw):
    """dim may be any dimension of x, and negative ones count from the end."""
    x = draw.normal(2, 3, 4)
    for dim in (1, 0, -3, -1):
        close(student.log_softmax(x, dim), torch.log_softmax(x, dim), "the logarithms")
    x = draw.normal(5)
    close(student.log_softmax(x, 0), torch.log_softmax(x, 0), "the logarithms of one row")


@pytest.mark.weight(2)
def test_is_finite_for_large_scores(student, draw):
    """Rows around 1000, around 0 and around −1000 have finite logarithms, next to each other too."""
    x = torch.stack([1000 + draw.normal(4), draw.normal(4), -1000 + draw.normal(4)])
    close(student.log_softmax(x, 1), torch.log_softmax(x, 1), "the logarithms")


@pytest.mark.weight(2)
def test_is_finite_where_softmax_is_zero(student, draw):
    """A score that lies 900 below the largest one has the logarithm −900, not −∞."""
    x = draw.normal(3, 4)
    x[:, 1] -= 900
    x[2] += 1000
    close(student.log_softmax(x, 1), torch.log_softmax(x, 1), "the logarithms")


@pytest.mark.weight(2)
def test_one_score_may_stand_out(student, draw):
    """A score may lie 2000 above all others of its row, or 900 above in float32: no logarithm is infinite or NaN."""
    x = draw.normal(3, 3)
    x[:, 1] += 2000
    close(student.log_softmax(x, 1), torch.log_softmax(x, 1), "the logarithms")
    x = draw.normal(3, 2, dtype=torch.float32)
    x[:, 1] += 900
    close(student.log_softmax(x, 1), torch.log_softmax(x.double(), 1), "the logarithms", dtype=torch.float32, ops=1024)


@pytest.mark.weight(2)
def test_gradient_is_right(student, draw):
    """A gradient comes back through every entry of the row, and is no NaN far out."""
    x, upstream = draw.normal(3, 4), draw.normal(3, 4)
    x[1] += 1000
    x[2, 1] -= 900
    _, (gradient,) = student.tools.vjp("log_softmax", (x, 1), upstream)
    close(gradient, upstream - torch.softmax(x, 1) * upstream.sum(1, keepdim=True), "the gradient")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, and finite there too."""
    x = draw.normal(3, 4, dtype=torch.float32)
    x[1] += 1000
    close(student.log_softmax(x, 1), torch.log_softmax(x.double(), 1), "the logarithms", dtype=torch.float32, ops=1024)


def test_leaves_x_alone(student, draw):
    """x is the same afterwards, and a second call gives the same answer."""
    x = draw.normal(3, 3)
    close(repeatable(student, "log_softmax", x, 1), torch.log_softmax(x, 1), "the logarithms")
    inputs_unchanged(student)

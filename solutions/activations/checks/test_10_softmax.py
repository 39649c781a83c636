"""Hidden checks of `softmax`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("softmax")


@pytest.mark.weight(2)
@pytest.mark.parametrize("dim", [0, 1])
def test_is_the_softmax(student, draw, dim):
    """Along dim the entries are eˣ over their sum."""
    x = 2 * draw.normal(3, 4)
    close(student.softmax(x, dim), torch.softmax(x, dim), "the probabilities")


def test_takes_any_dimension(student, draw):
    """dim may be any dimension of x, and negative ones count from the end."""
    x = draw.normal(2, 3, 4)
    for dim in (1, 0, -3, -1):
        close(student.softmax(x, dim), torch.softmax(x, dim), "the probabilities")
    x = draw.normal(5)
    close(student.softmax(x, 0), torch.softmax(x, 0), "the probabilities of one row")


@pytest.mark.weight(2)
def test_is_finite_for_large_scores(student, draw):
    """Scores around 1000 and around −1000 have probabilities too."""
    x = torch.stack([1000 + draw.normal(4), 900 + draw.normal(4)])
    close(student.softmax(x, 1), torch.softmax(x, 1), "the probabilities")


@pytest.mark.weight(2)
def test_rows_may_lie_far_apart(student, draw):
    """A row that lies 1000 below another one has its own probabilities, and so has one whose scores differ by 1000."""
    x = torch.stack([1000 + draw.normal(4), draw.normal(4), -1000 + draw.normal(4)])
    close(student.softmax(x, 1), torch.softmax(x, 1), "the probabilities")
    x[:, 2] -= 1000
    close(student.softmax(x, 1), torch.softmax(x, 1), "the probabilities")


@pytest.mark.weight(2)
def test_one_score_may_stand_out(student, draw):
    """A score that lies 2000 above all others of its row has the probability 1, and so has one 900 above in float32."""
    x = draw.normal(3, 3)
    x[:, 1] += 2000
    close(student.softmax(x, 1), torch.softmax(x, 1), "the probabilities")
    x = draw.normal(3, 2, dtype=torch.float32)
    x[:, 1] += 900
    close(student.softmax(x, 1), torch.softmax(x.double(), 1), "the probabilities", dtype=torch.float32, ops=1024)


@pytest.mark.weight(2)
def test_gradient_is_right(student, draw):
    """A gradient comes back through every entry of the row, far out as well."""
    x, upstream = draw.normal(3, 4), draw.normal(3, 4)
    x[1] += 1000
    _, (gradient,) = student.tools.vjp("softmax", (x, 1), upstream)
    p = torch.softmax(x, 1)
    close(gradient, p * (upstream - (p * upstream).sum(1, keepdim=True)), "the gradient")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, and finite there too."""
    x = draw.normal(3, 4, dtype=torch.float32)
    x[1] += 1000
    close(student.softmax(x, 1), torch.softmax(x.double(), 1), "the probabilities", dtype=torch.float32, ops=1024)


def test_leaves_x_alone(student, draw):
    """x is the same afterwards, and a second call gives the same answer."""
    x = draw.normal(3, 3)
    close(repeatable(student, "softmax", x, 1), torch.softmax(x, 1), "the probabilities")
    inputs_unchanged(student)

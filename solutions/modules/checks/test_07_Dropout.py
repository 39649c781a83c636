"""Hidden checks of the class `Dropout`.

Nobody draws the mask of a variant, so outputs are looked at unrecorded, and what is recorded is the same for every
draw. Each check names the ideas that fail it itself.
"""

import pytest
import torch

from autograder.checks import CheckFailure, StudentError, close, expect_model, fail, follows, raises, two_point

pytestmark = pytest.mark.exercise("Dropout")

#: 16,384 elements: a share's standard deviation is at most 0.004.
SHAPE = (128, 128)
FAR = 0.05


def masked(student, p, x, times=1):
    """Return outputs in training mode, one for each time."""
    with student.tools.unrecorded():
        model = expect_model(student.Dropout(p))
        return [model.forward(x) for _ in range(times)]


def expect_like(student, found, x):
    """Require a tensor of x's shape and dtype."""
    right = isinstance(found, torch.Tensor) and found.shape == x.shape
    if not student.tools.observe("the shape of x", right):
        fail("The output has another shape than the input, or is no tensor.")
    if student.tools.observe("float32 from float64", found.dtype == torch.float32 and x.dtype == torch.float64):
        raise CheckFailure("float64 in, float64 out: the output is float32.", "dtype-lost")


def together(zeros):
    """Whether whole rows, or whole columns, are dropped."""
    return bool((zeros == zeros[:, :1]).all() or (zeros == zeros[:1]).all())


@pytest.mark.weight(4)
@pytest.mark.parametrize("p", [0.25, 0.6])
def test_drops_with_probability_p(student, draw, p):
    """Each element is zero with probability p, for itself, and the others are x/(1 − p)."""
    x = draw.uniform(1, 2, *SHAPE)
    (found,) = masked(student, p, x)
    expect_like(student, found, x)
    zeros = found == 0
    share = float(zeros.double().mean())
    factors = (found / x)[~zeros]
    student.tools.observe("nothing is dropped", not zeros.any())
    if student.tools.observe("together", bool(zeros.any()) and together(zeros)):
        fail("Whole rows or columns are dropped: the mask is not drawn for each element.", "dropout-whole-rows")
    if student.tools.observe("keeps p", abs(share - (1 - p)) < FAR):
        fail("The share of elements that are zero is 1 − p, not p.", "dropout-keeps-p")
    if not student.tools.observe("share", abs(share - p) < FAR):
        fail("The share of elements that are zero is not p.")
    for idea, factor in (("dropout-not-scaled", 1.0), ("dropout-divides-by-p", 1 / p)):
        if student.tools.observe(idea, torch.allclose(factors, torch.full_like(factors, factor), rtol=1e-6)):
            # The paper's form is told from this one in evaluation.
            fail("What is left is not scaled by 1/(1 − p).", None if factor == 1.0 else idea)
    due = torch.where(zeros, torch.zeros_like(x), x / (1 - p))
    close(found, due, "what is left")
    ones = torch.where(zeros, torch.zeros_like(x), torch.full_like(x, 1 / (1 - p)))
    follows(ones, two_point(0.0, 1 / (1 - p), 1 - p), "the zeros and the factors")


@pytest.mark.weight(2)
def test_draws_a_new_mask_each_time(student, draw):
    """Two passes have two masks, and so have two layers; the masks come from torch's global generator."""
    x, seed = draw.uniform(1, 2, *SHAPE), draw.integer(0, 1 << 40)
    student.tools.seed(seed)
    first, second = masked(student, 0.5, x, times=2)
    (other,) = masked(student, 0.5, x)
    for found in (first, second, other):
        expect_like(student, found, x)
    student.tools.observe("nothing is dropped", not (first == 0).any())
    same = torch.equal(first == 0, second == 0) or torch.equal(first == 0, other == 0)
    if student.tools.observe("the same mask", bool(same)):
        fail("Two forward passes have the same mask.", "dropout-mask-fixed")
    student.tools.seed(seed)
    (again,) = masked(student, 0.5, x)
    if not student.tools.observe("from the global generator", torch.equal(first, again)):
        fail("After the same torch.manual_seed the mask is another one.")


@pytest.mark.weight(3)
def test_chance_decides_how_many(student, draw):
    """Chance decides about each element by itself, so the number of zeros differs from call to call."""
    x = draw.uniform(1, 2, *SHAPE)
    masks = []
    for found in masked(student, 0.5, x, times=6):
        expect_like(student, found, x)
        masks.append(found == 0)
    if student.tools.observe("nothing is dropped", not masks[0].any()):
        fail("In training mode nothing is dropped.")
    if student.tools.observe("together", all(together(zeros) for zeros in masks)):
        fail("Whole rows or columns are dropped: the mask is not drawn for each element.", "dropout-whole-rows")
    if student.tools.observe("the same mask", all(torch.equal(masks[0], zeros) for zeros in masks)):
        fail("Several forward passes have the same mask.", "dropout-mask-fixed")
    # Of 16,384 elements no number is dropped with a probability above 0.0063. All six are the same with 1e-11.
    numbers = {int(zeros.sum()) for zeros in masks}
    if student.tools.observe("the same number", len(numbers) == 1):
        fail("In six calls the same number of elements is dropped.", "dropout-exact-number")
    # Forty outcomes are the same with a probability of 2e-12.
    one = x[:1, :1]
    dropped = {bool((found == 0).all()) for found in masked(student, 0.5, one, times=40)}
    if student.tools.observe("one element", len(dropped) == 1):
        fail("The only element of a tensor is always dropped, or never.", "dropout-exact-number")


@pytest.mark.weight(3)
def test_does_nothing_in_evaluation(student, draw):
    """In evaluation x comes back as it is, with its gradient; back in training zeros come again."""
    x, upstream = draw.uniform(1, 2, *SHAPE), draw.normal(*SHAPE)
    model = expect_model(student.Dropout(0.3))
    model.train(False)
    with student.tools.unrecorded():
        found, _, gradient = model.backward(x, upstream)
    expect_like(student, found, x)
    if student.tools.observe("dropped", bool((found == 0).any())):
        fail("In evaluation mode elements are still dropped.", "dropout-in-evaluation")
    if student.tools.observe("scaled", torch.allclose(found, 0.7 * x)):
        fail("In evaluation mode x is multiplied by 1 − p.", "dropout-scales-in-evaluation")
    close((found, gradient), (x, upstream), "the output and the gradient in evaluation mode")
    model.train()
    with student.tools.unrecorded():
        dropped = bool((model.forward(x) == 0).any())
    if not student.tools.observe("dropped in training", dropped):
        fail("In training mode nothing is dropped.")


@pytest.mark.weight(2)
def test_gradients_have_the_same_mask(student, draw):
    """What was dropped gets no gradient, what was kept the gradient times 1/(1 − p)."""
    x, upstream = draw.uniform(1, 2, *SHAPE), draw.normal(*SHAPE)
    with student.tools.unrecorded():
        found, _, gradient = expect_model(student.Dropout(0.5)).backward(x, upstream)
    expect_like(student, found, x)
    # With p = ½ all wrong scales are the right one, but that of nothing.
    factor = 1.0 if student.tools.observe("not scaled", torch.allclose(found[found != 0], x[found != 0])) else 2.0
    due = torch.where(found == 0, torch.zeros_like(upstream), factor * upstream)
    close(gradient, due, "the input's gradient in training mode")


@pytest.mark.weight(2)
def test_reaches_both_ends(student, draw):
    """With p = 1 everything is zero, with p = 0 nothing is dropped; NaN is never seen."""
    x = draw.uniform(1, 2, 20, 30)
    for p, due in ((0.0, x), (1.0, torch.zeros_like(x))):
        (found,) = masked(student, p, x)
        expect_like(student, found, x)
        finite = bool(found.isfinite().all())
        if p == 1.0 and student.tools.observe("not finite at one", not finite):
            fail("With p = 1 the output is not finite.", "dropout-one-is-nan")
        kind = "x" if torch.equal(found, x) else "zero" if not found.any() else "neither"
        student.tools.observe("at an end", (p, kind, finite))
        close(found, due, "the output at an end of the range")


def test_refuses_what_is_no_probability(student, draw):
    """A p below 0 or above 1 raises a ValueError when the layer is made; 0 and 1 do not."""
    for p in (1 + draw.uniform(0.01, 0.9, 1).item(), -draw.uniform(0.01, 0.9, 1).item(), 2.5, -3):
        raises(student, "Dropout", p)
    with student.tools.unrecorded():
        expect_model(student.Dropout(0)), expect_model(student.Dropout(1))


def test_knows_a_usual_p(student):
    """p is ½ if nobody says otherwise, and the input may have any shape; float32 stays float32."""
    x = torch.ones(4, 32, 16, 8)
    with student.tools.unrecorded():
        found = expect_model(student.Dropout()).forward(x)
    expect_like(student, found, x)
    if not student.tools.observe("half", abs(float((found == 0).double().mean()) - 0.5) < FAR):
        fail("Without an argument the share of zeros is not a half.")
    if not student.tools.observe("float32", found.dtype == torch.float32):
        fail("float32 in, float32 out: the output has another dtype.")


def test_leaves_its_input_alone(student, draw):
    """The input stays as it was, in both modes."""
    layer, x = student.tools.object("Dropout", 0.5), draw.uniform(1, 2, *SHAPE)
    for mode in (True, False):
        with student.tools.unrecorded():
            layer.call("train", mode)
            try:
                layer.call("", x)
            except StudentError as raised:
                if raised.fault.type == "RuntimeError":
                    fail("The layer has to work on any tensor.")
                raise
        if student.tools.observe("changed", bool(student.tools.changed_inputs())):
            raise CheckFailure("The call changed its input in place.", "in-place")

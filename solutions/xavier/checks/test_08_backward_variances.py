"""Hidden checks of `backward_variances`.

Only the convention check pins that one divides by n: the others take either variance, which differ by n/(n − 1).
"""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    close,
    fail,
    initial_state,
    inputs_unchanged,
    linear,
    raises,
    raising,
    relu,
    repeatable,
    routed,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("backward_variances")

BATCH = 6
#: Widths that all differ, nested layers, activations of two kinds.
PLAN = sequential(
    linear(5, 7), tanh(), sequential(linear(7, 4), relu(), sequential(linear(4, 3))), tanh(), linear(3, 2)
)
WIDTHS = (7, 4, 3, 2)


def watch(student, reference, draw, plan, x, *, dtype=torch.float64):
    """Ask both sides for the variances of one model and one input."""
    state = initial_state(plan, draw.integer(1, 10**6), dtype)
    precise = {k: v.double() if v.is_floating_point() else v for k, v in state.items()}
    due = reference.backward_variances(reference.tools.model(plan, precise), x)
    return student.backward_variances(student.tools.model(plan, state), x), due


def agree(found, due, widths, what="the variances", dtype=torch.float64):
    """Require these variances, each divided by n or by n − 1, the same for all."""
    try:
        close(found, due, what, dtype=dtype, ops=512, levels=("layer",))
    except CheckFailure as failure:
        sizes = [BATCH * width for width in widths]
        other = [v * n / (n - 1) for v, n in zip(due, sizes, strict=True)]
        try:
            close(found, other, what, dtype=dtype, ops=512, levels=("layer",))
        except CheckFailure:
            raise failure from None


def measures(found):
    """Require four different positive numbers: whoever measures nothing leaves everything as it was."""
    if not isinstance(found, (list, tuple)) or len({v for v in found if isinstance(v, float) and v > 0}) != len(WIDTHS):
        fail("Four Linear layers make a list of four positive variances.")


@pytest.mark.weight(3)
def test_measures_every_linear(student, reference, draw):
    """There is one variance for the gradient at the output of every Linear, nested layers included."""
    agree(*watch(student, reference, draw, PLAN, draw.normal(BATCH, 5)), WIDTHS)


@pytest.mark.convention
@pytest.mark.weight(2)
def test_divides_by_the_number_of_elements(student, reference, draw):
    """The variance is the biased one: the mean squared distance from the mean."""
    found, due = watch(student, reference, draw, PLAN, draw.normal(BATCH, 5))
    close(found, due, "the variances", levels=("layer",))


@pytest.mark.weight(2)
def test_follows_the_order_of_execution(student, reference, draw):
    """The order is that in which the layers run forward, not that in which they were registered."""
    plan = routed(["c", "act", "a", "act", "b"], a=linear(6, 5), b=linear(5, 3), act=tanh(), c=linear(4, 6))
    agree(*watch(student, reference, draw, plan, draw.normal(BATCH, 4)), (6, 5, 3))


def test_leaves_no_hooks(student, draw):
    """After the call the model has no hooks."""
    model = student.tools.model(PLAN)
    measures(student.backward_variances(model, draw.normal(BATCH, 5)))
    if model.hooks():
        fail("There are hooks on the model that were not there before.")


def test_leaves_no_hooks_after_an_error(student, draw):
    """When the forward pass raises, the exception gets through, and the hooks are gone all the same."""
    model = student.tools.model(sequential(linear(5, 3), raising(), linear(3, 2)))
    raises(student, "backward_variances", model, draw.normal(BATCH, 5))
    if model.hooks():
        fail("After a forward pass that raised, hooks are left on the model.")


def test_gives_the_same_answer_again(student, draw):
    """A second call gives the same answer."""
    measures(repeatable(student, "backward_variances", student.tools.model(PLAN), draw.normal(BATCH, 5)))


def test_leaves_model_and_input_alone(student, draw):
    """The input, the parameters, their gradients and the training flags are the same afterwards."""
    model = student.tools.model(PLAN)
    model.set_flags({"2": False})
    flags = model.flags()
    grads = dict.fromkeys(model.state())
    grads["0.weight"], grads["4.bias"] = draw.normal(7, 5), draw.normal(2)
    model.set_grads(grads)
    measures(student.backward_variances(model, draw.normal(BATCH, 5)))
    inputs_unchanged(student)
    if model.flags() != flags:
        fail("A training flag is not as it was.")
    for name, now in model.grads().items():
        if (now is None) != (grads[name] is None) or (now is not None and not torch.equal(now, grads[name])):
            fail("The .grad of a parameter is not as it was.")


def test_measures_float32_models(student, reference, draw):
    """A float32 model gives the same, to the precision of its numbers."""
    x = draw.normal(BATCH, 5, dtype=torch.float32)
    agree(*watch(student, reference, draw, PLAN, x, dtype=torch.float32), WIDTHS, dtype=torch.float32)

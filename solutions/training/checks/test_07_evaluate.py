"""Hidden checks of `evaluate`. Statistics are stirred: with fresh ones evaluation mode would not show.

Loss and accuracy are asked for in checks of their own, so that a mistake in the student's own `accuracy` does not
cost the loss as well.
"""

import pytest
import torch
from torch import nn

from autograder.checks import (
    CheckFailure,
    StudentError,
    batchnorm1d,
    close,
    dropout,
    fail,
    formula,
    initial_state,
    inputs_unchanged,
    linear,
    raises,
    raising,
    relu,
    repeatable,
    sequential,
    uses_its_model,
)

pytestmark = pytest.mark.exercise("evaluate")

PLAN = sequential(linear(3, 6), batchnorm1d(6), sequential(dropout(0.5), relu()), linear(6, 4))
#: Without chance: what a wrong mode does to it is the same each time.
STEADY = sequential(linear(3, 6), batchnorm1d(6), relu(), linear(6, 4))
LOSS = formula(nn.functional.cross_entropy)
#: torch resizes no tensor that requires a gradient; to its own shape, whatever that is, nothing happens.
WITHOUT_GRAPH = formula(lambda scores, y: nn.functional.cross_entropy(scores.resize_as_(scores), y))
SIX_DIGITS = {"dtype": torch.float32, "ops": 16}


def batches(draw, sizes=(6, 6, 2), dtype=torch.float64):
    """Return batches of these sizes, with labels of four classes."""
    return [(draw.normal(n, 3, dtype=dtype), torch.tensor([draw.integer(0, 3) for _ in range(n)])) for n in sizes]


def answered(draw):
    """Return batches of 12, 5 and 8 samples; of the first and the last one quarter is right, whatever the model says.

    Every row of theirs comes four times, once with each label. So loss and accuracy of any model are told apart from
    those of one batch, and from means of means.
    """
    found = batches(draw, (3, 5, 2))
    for i in (0, 2):
        x = found[i][0]
        found[i] = (x.repeat(4, 1), torch.arange(4).repeat_interleave(len(x)))
    return found


def both(student, reference, data, plan=STEADY, dtype=torch.float64):
    """Return what both sides measure of the same model, which is in training mode."""
    state = initial_state(plan, dtype=dtype)
    found, due = (side.evaluate(side.tools.model(plan, state), data, LOSS) for side in (student, reference))
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        fail("A pair is asked for: the loss and the accuracy.")
    return found, due


def asks_the_model(student):
    """Require that the answer depends on the model: one that is made up leaves everything as it was."""
    plan = linear(3, 4)
    models = [student.tools.model(plan, initial_state(plan, seed)) for seed in (1, 2)]
    uses_its_model(student, "evaluate", models, [(torch.eye(3, dtype=torch.float64), torch.arange(3))], LOSS)


def called(student, draw, plan=PLAN, sizes=(4, 3), **state):
    """Evaluate a model in the state that is given, and return it; what is measured plays no part."""
    asks_the_model(student)
    model = student.tools.model(plan)
    if "flags" in state:
        model.set_flags(state["flags"])
    if "grads" in state:
        model.set_grads(state["grads"])
    student.tools.seed(draw.integer(0, 1 << 40))
    with student.tools.unrecorded():
        student.evaluate(model, batches(draw, sizes), LOSS)
    return model


@pytest.mark.weight(4)
def test_measures_the_mean_loss(student, reference, draw):
    """The loss is the mean over all samples, in evaluation mode."""
    found, due = both(student, reference, batches(draw))
    close(found[0], due[0], "the mean loss", **SIX_DIGITS)


@pytest.mark.weight(3)
def test_measures_the_accuracy(student, reference, draw):
    """The accuracy is the share of all samples that are answered rightly, in evaluation mode."""
    found, due = both(student, reference, answered(draw))
    close(found[1], due[1], "the accuracy", **SIX_DIGITS)


@pytest.mark.weight(2)
def test_drops_nothing(student, reference, draw):
    """Dropout is switched off, in nested parts too."""
    data = batches(draw)
    student.tools.seed(7)
    # Which units would be dropped is a matter of chance, and of the device.
    with student.tools.unrecorded():
        found, due = both(student, reference, data, PLAN)
    try:
        close(found[0], due[0], "the mean loss", **SIX_DIGITS)
    except CheckFailure:
        student.tools.observe("nothing is dropped", value=False)
        raise
    student.tools.observe("nothing is dropped", value=True)


@pytest.mark.weight(2)
@pytest.mark.parametrize("mode", [True, False], ids=["training", "evaluation"])
def test_returns_to_the_mode_before(student, draw, mode):
    """A model that was in training mode is so again, and one in evaluation mode stays in it."""
    flags = dict.fromkeys(("", "0", "1", "2", "2.0", "2.1", "3"), mode)
    if set(called(student, draw, flags=flags).flags().values()) != {mode}:
        fail("After the call the model, or a part of it, is in another mode than before.")


@pytest.mark.weight(3)
@pytest.mark.parametrize("mode", [True, False], ids=["training", "evaluation"])
def test_every_part_has_its_own_flag(student, draw, mode):
    """Where some parts were in evaluation mode and others not, each has its own flag again."""
    flags = {"": mode, "0": True, "1": False, "2": not mode, "2.0": True, "2.1": False, "3": True}
    if called(student, draw, flags=flags).flags() != flags:
        fail("After the call a part of the model has another training flag than before.")


@pytest.mark.weight(2)
def test_returns_to_the_mode_after_an_error(student, draw):
    """If the forward pass raises, the error goes on to the caller, and the flags are as before."""
    model = student.tools.model(sequential(linear(3, 4), dropout(0.5), raising()))
    flags = {"": True, "0": True, "1": False, "2": True}
    model.set_flags(flags)
    raises(student, "evaluate", model, batches(draw, (3,)), LOSS)
    if model.flags() != flags:
        fail("After a forward pass that raised, a part of the model has another training flag than before.")


@pytest.mark.weight(3)
def test_leaves_the_model_alone(student, draw):
    """Parameters, statistics, gradients and batches are as before."""
    asks_the_model(student)
    model = student.tools.model(STEADY)
    kept = {k: v for k, v in initial_state(STEADY).items() if k.endswith(("weight", "bias"))}
    grads = {name: draw.normal(*value.shape) for name, value in kept.items()}
    grads["3.bias"] = None
    model.set_grads(grads)
    student.evaluate(model, batches(draw, (4, 3)), LOSS)
    after = model.grads()
    inputs_unchanged(student)
    if [g is None for g in after.values()] != [name == "3.bias" for name in after]:
        raise CheckFailure("The call left gradients on the model, or took some away.", "evaluate-learns")
    if any(g is not None and not torch.equal(g, grads[name]) for name, g in after.items()):
        raise CheckFailure("The call changed gradients of the model.", "evaluate-learns")


def test_records_no_graph(student, draw):
    """The scores that the loss gets do not require a gradient, and autograd is switched on again afterwards."""
    asks_the_model(student)
    model = student.tools.model(STEADY)
    try:
        student.evaluate(model, batches(draw, (4, 4)), WITHOUT_GRAPH)
    except StudentError as raised:
        if raised.fault.type != "RuntimeError":
            raise
        fail("The scores hang on a graph, which costs memory for nothing.")
    if not student.tools.grad_enabled():
        fail("After the call autograd is switched off.")


def test_measures_in_float32(student, reference, draw):
    """A float32 model is measured to that precision."""
    found, due = both(student, reference, batches(draw, dtype=torch.float32), dtype=torch.float32)
    close(found[0], due[0], "the mean loss", dtype=torch.float32, ops=256)


def test_does_not_remember_earlier_calls(student, draw):
    """A second call with the same model and batches gives the same answer."""
    asks_the_model(student)
    repeatable(student, "evaluate", student.tools.model(STEADY), batches(draw, (4, 3)), LOSS)

"""Hidden checks of `predict`. Statistics are stirred: with fresh ones evaluation mode would not show."""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    StudentError,
    batchnorm1d,
    close,
    dropout,
    fail,
    has_graph,
    initial_state,
    inputs_unchanged,
    linear,
    raises,
    raising,
    relu,
    repeatable,
    routed,
    sequential,
    uses_its_model,
)

pytestmark = pytest.mark.exercise("predict")

NET = sequential(linear(4, 6), batchnorm1d(6), relu(), dropout(0.5), linear(6, 3))
NESTED = routed(
    ("head", "body"),
    body=sequential(batchnorm1d(5), dropout(0.3), linear(5, 2)),
    head=sequential(linear(4, 5), relu()),
)
#: Some parts were put into evaluation mode before, others not: as one does to fine-tune the last layers only.
MIXED = {"": True, "0": True, "1": False, "2": False, "3": True, "4": False}


def asks_the_model(student):
    """Require an answer that depends on the model, in evaluation mode or without a graph.

    One that is made up leaves everything as it was, and so does model(x) alone.
    """
    plan = linear(4, 3)
    models = [student.tools.model(plan, initial_state(plan, seed)) for seed in (1, 2)]
    x = torch.eye(4, dtype=torch.float64)
    uses_its_model(student, "predict", models, x)
    model = student.tools.model(sequential(linear(4, 3), batchnorm1d(3)))
    before = model.state()
    answer = student.predict(model, x)
    after = model.state()
    if has_graph(answer) and any(not torch.equal(before[name], after[name]) for name in before):
        fail("The model runs in training mode and with a graph, as it does without your function.")


@pytest.mark.weight(4)
@pytest.mark.parametrize("plan", [NET, NESTED], ids=["sequential", "nested"])
def test_computes_in_evaluation_mode(student, reference, draw, plan):
    """Nothing is dropped, and batch normalisation uses its running statistics."""
    x, seed = draw.normal(6, 4), draw.integer(0, 1 << 40)
    student.tools.seed(seed)
    state = initial_state(plan, seed)
    close(
        student.predict(student.tools.model(plan, state), x),
        reference.predict(reference.tools.model(plan, state), x),
        "the output",
    )


@pytest.mark.weight(4)
def test_keeps_no_graph(student, draw):
    """The result does not require a gradient."""
    asks_the_model(student)
    student.tools.seed(draw.integer(0, 1 << 40))
    if has_graph(student.predict(student.tools.model(NET), draw.normal(6, 4))):
        fail("The result still hangs on a graph: its requires_grad is True.")


@pytest.mark.weight(2)
@pytest.mark.parametrize("mode", [True, False], ids=["training", "evaluation"])
def test_returns_to_the_mode_before(student, draw, mode):
    """A model that was in training mode is so again, and one in evaluation mode stays in it."""
    asks_the_model(student)
    model = student.tools.model(NESTED)
    model.train(mode)
    student.tools.seed(draw.integer(0, 1 << 40))
    student.predict(model, draw.normal(6, 4))
    if set(model.flags().values()) != {mode}:
        fail("After the call the model, or a part of it, is not in the mode that it was in.")


@pytest.mark.weight(3)
def test_every_part_has_its_own_flag(student, draw):
    """Where some submodules were in evaluation mode and others not, each has its own flag again."""
    asks_the_model(student)
    model = student.tools.model(NET)
    model.set_flags(MIXED)
    student.tools.seed(draw.integer(0, 1 << 40))
    student.predict(model, draw.normal(6, 4))
    if model.flags() != MIXED:
        fail("After the call a submodule's training flag is not what it was.")


@pytest.mark.weight(3)
def test_returns_to_the_mode_after_an_error(student, draw):
    """If the forward pass raises, the error goes on to the caller, and the flags are as before."""
    asks_the_model(student)
    model = student.tools.model(sequential(linear(4, 3), dropout(0.5), raising()))
    flags = {"": True, "0": True, "1": False, "2": True}
    model.set_flags(flags)
    raises(student, "predict", model, draw.normal(6, 4))
    if model.flags() != flags:
        fail("After a forward pass that raised, a submodule's training flag is not what it was.")


def test_leaves_the_model_alone(student, draw):
    """Parameters, running statistics, gradients, and which parameters are trained: all as before."""
    asks_the_model(student)
    model = student.tools.model(NET)
    model.set_requires_grad({"0.bias": False})
    before = model.requires_grad()
    student.tools.seed(draw.integer(0, 1 << 40))
    student.predict(model, draw.normal(6, 4))
    inputs_unchanged(student)
    if model.requires_grad() != before:
        raise CheckFailure("After the call other parameters require a gradient than before.", "in-place")
    if any(g is not None for g in model.grads().values()):
        raise CheckFailure("The call left gradients on the model.", "in-place")


def test_training_goes_on_afterwards(student, reference, draw):
    """After the call gradients are computed as before: autograd is not left switched off."""
    asks_the_model(student)
    x, upstream = draw.normal(6, 4), draw.normal(6, 3)
    models = [side.tools.model(NET) for side in (student, reference)]
    for side, model in zip((student, reference), models, strict=True):
        side.tools.seed(5)
        side.predict(model, x)
        model.train(False)
    due = models[1].backward(x, upstream)
    try:
        found = models[0].backward(x, upstream)
    except StudentError:
        fail("After the call gradients can no longer be computed.")
    close(found[2], due[2], "the input's gradient after the call")


def test_keeps_float32(student, reference, draw):
    """A float32 model and input give a float32 result."""
    x, state = draw.normal(6, 4, dtype=torch.float32), initial_state(NET, 3, torch.float32)
    student.tools.seed(draw.integer(0, 1 << 40))
    found, due = (side.predict(side.tools.model(NET, state), x) for side in (student, reference))
    close(found, due, "the output", dtype=torch.float32, ops=256)


def test_does_not_remember_earlier_calls(student, draw):
    """A second call with the same model and input gives the same output."""
    asks_the_model(student)
    model, x = student.tools.model(sequential(linear(4, 6), batchnorm1d(6), relu())), draw.normal(6, 4)
    repeatable(student, "predict", model, x)

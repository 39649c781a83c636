"""Hidden checks of the class `BatchNorm1d`.

Two conventions have a check each: whose weight momentum is, and which variance is remembered. All others work where
they agree: with a momentum of ½ old and new have the same weight, the mean is the same in both, and evaluation uses
statistics that were loaded. eps is large, so that it shows.
"""

import pytest
import torch

from autograder.checks import CheckFailure, StudentError, close, compare_work, expect_model, fail, has_graph

pytestmark = pytest.mark.exercise("BatchNorm1d")

ENTRIES = {"weight", "bias", "running_mean", "running_var"}
FRESH = {"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0}


@pytest.fixture
def values(draw):
    """A state of three features."""
    drawn = {name: draw.normal(3) for name in ("weight", "bias", "running_mean")}
    return {**drawn, "running_var": draw.uniform(0.5, 2, 3)}


def made(side, values=None, **options):
    """Make a layer of three features in float64, with as much of the values as it has a place for."""
    model = expect_model(side.BatchNorm1d(3, **options))
    layout = model.layout()
    given = values or {name: torch.full((3,), value, dtype=torch.float64) for name, value in FRESH.items()}
    # A layer that lacks an entry, or has one more, loses another check.
    state = {n: torch.zeros(shape, dtype=dtype) for n, (shape, dtype) in layout.items() if n not in given}
    model.load({n: given[n] if n in given else state[n] for n in layout})
    return model


def pair(student, reference, values=None, **options):
    """Make the same layer on both sides."""
    return made(student, values, **options), made(reference, values, **options)


@pytest.mark.weight(2)
def test_has_its_entries(student):
    """The state holds weight, bias, running_mean and running_var, as they start; weight and bias are trained."""
    model = expect_model(student.BatchNorm1d(3))
    state, trained = model.state(), model.requires_grad()
    student.tools.observe("entries", sorted(name for name in state if name in ENTRIES))
    student.tools.observe("others", len(state.keys() - ENTRIES))
    if set(state) != ENTRIES:
        fail("The state_dict does not hold just weight, bias, running_mean and running_var.")
    if {name for name, needs in trained.items() if needs} != {"weight", "bias"}:
        fail("The parameters that are trained are not just weight and bias.")
    due = {name: torch.full((3,), value, dtype=torch.float64) for name, value in FRESH.items()}
    close({n: v.double() for n, v in state.items()}, due, "what a fresh layer holds")


@pytest.mark.weight(4)
def test_normalises_over_the_batch(student, reference, draw, values):
    """In training each feature is normalised over the batch, scaled and shifted; gradients flow through all of it."""
    mine, due = pair(student, reference, values, eps=0.25, momentum=0.5)
    x, upstream = 2 + 3 * draw.normal(5, 3), draw.normal(5, 3)
    compare_work(mine.backward(x, upstream), due.backward(x, upstream), "training")


@pytest.mark.weight(2)
def test_knows_a_usual_eps(student, reference, draw):
    """eps is added to the variance under the root, 1e-5 if nobody says otherwise."""
    x = 0.01 * draw.normal(6, 3)
    for options in ({}, {"eps": 0.5}):
        mine, due = pair(student, reference, **options)
        close(mine.forward(x), due.forward(x), "the output in training mode")


@pytest.mark.weight(4)
def test_uses_running_statistics_in_evaluation(student, reference, draw, values):
    """In evaluation the running statistics are used, for one sample too, and they stay."""
    mine, due = pair(student, reference, values, eps=0.25)
    for side in (mine, due):
        side.train(False)
    x, upstream = draw.normal(4, 3), draw.normal(4, 3)
    compare_work(mine.backward(x, upstream), due.backward(x, upstream), "evaluation")
    close(mine.forward(x[:1]), due.forward(x[:1]), "the output for one sample in evaluation mode")
    close(mine.state(), due.state(), "the state after evaluation")


@pytest.mark.weight(2)
def test_remembers_the_mean(student, reference, draw):
    """After two batches the running mean has moved twice; in between, evaluation uses it."""
    mine, due = pair(student, reference, momentum=0.5, eps=0.25)
    # A batch of two is large enough.
    for n in (5, 2):
        x = 4 + draw.normal(n, 3)
        for side in (mine, due):
            side.train()
        close(mine.forward(x), due.forward(x), "the output in training mode")
        found, wanted = mine.state(), due.state()
        if "running_mean" not in found:
            fail("The state_dict has no running_mean.")
        close(found["running_mean"], wanted["running_mean"], "the running mean")


@pytest.mark.convention
@pytest.mark.weight(3)
def test_momentum_is_the_weight_of_the_new_batch(student, reference, draw):
    """Running statistics take in a share of `momentum` of the new batch: 0.1 if nobody says otherwise."""
    for options in ({}, {"momentum": 0.2}):
        mine, due = pair(student, reference, **options)
        x = 4 + draw.normal(5, 3)
        mine.forward(x), due.forward(x)
        close(mine.state().get("running_mean"), due.state()["running_mean"], "the running mean")


@pytest.mark.convention
@pytest.mark.weight(3)
def test_remembers_the_unbiased_variance(student, reference, draw):
    """What goes into the running variance is the variance that divides by N − 1."""
    mine, due = pair(student, reference, momentum=0.5)
    x = 3 * draw.normal(4, 3)
    mine.forward(x), due.forward(x)
    close(mine.state().get("running_var"), due.state()["running_var"], "the running variance")


@pytest.mark.weight(2)
def test_refuses_a_batch_of_one(student, draw):
    """In training a batch of one sample raises a ValueError."""
    model, x = expect_model(student.BatchNorm1d(3)), draw.normal(1, 3, dtype=torch.float32)
    try:
        model.forward(x)
    except StudentError as raised:
        if raised.fault.type == "ValueError":
            return
        if raised.not_implemented or raised.missing or not raised.own:
            raise
        fail("A batch of one sample has to end in a ValueError; yours raised another exception.")
    fail("A batch of one sample has to end in a ValueError; yours returned.")


def test_statistics_hang_on_no_graph(student, draw):
    """After training the running statistics hang on no graph, and an input stays as it was."""
    layer, x = student.tools.object("BatchNorm1d", 3), draw.normal(5, 3)
    model = expect_model(layer.call("double"))
    model.load({n: torch.full(shape, FRESH.get(n, 0.0)).to(dtype) for n, (shape, dtype) in model.layout().items()})
    layer.call("", x.clone().requires_grad_())
    layer.call("", x)
    if student.tools.observe("changed", bool(student.tools.changed_inputs())):
        raise CheckFailure("The call changed its input in place.", "in-place")
    model.train(False)
    model.set_requires_grad(dict.fromkeys(model.requires_grad(), False))
    found = layer.call("", x)
    if isinstance(found, torch.Tensor) and student.tools.observe("graph", has_graph(found)):
        fail("After training the running statistics hang on the graph of a batch.")


def test_works_in_float32(student, reference, draw, values):
    """In float32 the output is that of the same layer, to single precision."""
    single = {name: value.float() for name, value in values.items()}
    mine = expect_model(student.BatchNorm1d(3))
    layout = mine.layout()
    mine.load({n: single.get(n, torch.zeros(shape, dtype=dtype)) for n, (shape, dtype) in layout.items()})
    due, x = made(reference, {n: v.double() for n, v in single.items()}), draw.normal(6, 3, dtype=torch.float32)
    close(mine.forward(x), due.forward(x), "the output in training mode", dtype=torch.float32, ops=256)
    for side in (mine, due):
        side.train(False)
    if set(layout) >= ENTRIES:
        due.load({name: value.double() for name, value in mine.state().items()})
    close(mine.forward(x), due.forward(x), "the output in evaluation mode", dtype=torch.float32, ops=256)

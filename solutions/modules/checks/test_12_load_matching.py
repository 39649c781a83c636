"""Hidden checks of `load_matching`: the three lists, and what the model holds afterwards."""

import pytest
import torch

from autograder.checks import batchnorm1d, close, initial_state, inputs_unchanged, linear, sequential

pytestmark = pytest.mark.exercise("load_matching")

PLAN = sequential(a=linear(2, 3), submodule=sequential(linear(3, 3)), b=batchnorm1d(3), c=linear(3, 2))
NAMES = list(initial_state(PLAN))


@pytest.fixture
def values(draw):
    """What the model holds before."""
    return initial_state(PLAN, draw.integer(0, 1 << 40))


@pytest.fixture
def model(student, values):
    """A model that holds them."""
    return student.tools.model(PLAN, values)


def lists(loaded, ignored):
    """Return the three lists, given what is loaded, in any order, and what is ignored."""
    return [n for n in NAMES if n in loaded], [n for n in NAMES if n not in loaded], ignored


def expect_numbers(model, before, **loaded):
    """Require that a model holds what it held before, but for what was loaded; dots are written as __."""
    given = {name.replace("__", "."): value for name, value in loaded.items()}
    close(model.state(), {**before, **given}, "what the model holds afterwards")


@pytest.mark.weight(3)
def test_loads_what_fits(student, model, values, draw):
    """Entries whose name and shape fit are copied, in whatever order they stand; all else stays."""
    state = {
        "c.weight": draw.normal(2, 3),
        "a.bias": draw.normal(3),
        "b.weight": draw.normal(3),
        "other": draw.normal(2),
    }
    close(student.load_matching(model, state), lists(["a.bias", "b.weight", "c.weight"], ["other"]), "the three lists")
    expect_numbers(model, values, c__weight=state["c.weight"], a__bias=state["a.bias"], b__weight=state["b.weight"])


@pytest.mark.weight(2)
def test_takes_the_prefix_away(student, model, values, draw):
    """A prefix at the beginning of a name is taken away; names without it stay as they are."""
    state = {
        "module.c.bias": draw.normal(2),
        "a.weight": draw.normal(3, 2),
        "module.submodule.0.weight": draw.normal(3, 3),
        "submodule.0.bias": draw.normal(3),
        "module.b.bias": draw.normal(3),
    }
    loaded = ["c.bias", "a.weight", "submodule.0.weight", "submodule.0.bias", "b.bias"]
    close(student.load_matching(model, state, "module."), lists(loaded, []), "the three lists")
    given = {name.replace(".", "__"): value for name, value in zip(loaded, state.values(), strict=True)}
    expect_numbers(model, values, **given)


@pytest.mark.weight(2)
def test_the_prefix_is_not_looked_for_elsewhere(student, model, values, draw):
    """A prefix inside of a name, a part of it, or a second one, is not taken away; what is ignored keeps its own."""
    state = {
        "module.module.a.bias": draw.normal(3),
        "x.module.a.weight": draw.normal(3, 2),
        "odule.b.weight": draw.normal(3),
        "1234567a.weight": draw.normal(3, 2),
        "module.zzz": draw.normal(1),
        "c.module.bias": draw.normal(2),
    }
    close(student.load_matching(model, state, prefix="module."), lists([], list(state)), "the three lists")
    expect_numbers(model, values)


@pytest.mark.weight(3)
def test_shapes_have_to_agree(student, model, values, draw):
    """A value of another shape is ignored, also if it could be stretched or has as many elements."""
    state = {
        "c.bias": draw.normal(1),
        "b.bias": draw.normal(1, 3),
        "a.weight": draw.normal(2, 3),
        "submodule.0.bias": draw.normal(3),
        "c.weight": draw.normal(5, 3),
    }
    ignored = ["c.bias", "b.bias", "a.weight", "c.weight"]
    close(student.load_matching(model, state), lists(["submodule.0.bias"], ignored), "the three lists")
    expect_numbers(model, values, submodule__0__bias=state["submodule.0.bias"])


@pytest.mark.weight(2)
def test_buffers_belong_to_the_state(student, model, values, draw):
    """Running statistics and the number of batches are loaded as parameters are."""
    state = {
        "net.b.running_var": draw.uniform(1, 2, 3),
        "net.b.num_batches_tracked": torch.tensor(77),
        "net.b.running_mean": draw.normal(3),
    }
    loaded = ["b.running_mean", "b.running_var", "b.num_batches_tracked"]
    close(student.load_matching(model, state, prefix="net."), lists(loaded, []), "the three lists")
    expect_numbers(model, values, **{key[4:].replace(".", "__"): value for key, value in state.items()})


@pytest.mark.weight(2)
def test_the_model_keeps_its_dtype(student, model, values, draw):
    """A float32 checkpoint becomes float64 in a float64 model, and the other way round."""
    single = draw.normal(3, dtype=torch.float32)
    student.load_matching(model, {"a.bias": single})
    expect_numbers(model, values, a__bias=single.double())
    small = {name: value.float() if value.is_floating_point() else value for name, value in values.items()}
    other, double = student.tools.model(PLAN, small), draw.normal(3)
    close(student.load_matching(other, {"a.bias": double}), lists(["a.bias"], []), "the three lists")
    floating = [name for name, value in small.items() if value.is_floating_point()]
    due = {**{name: small[name].double() for name in floating}, "a.bias": double}
    found = other.state()
    close({n: found[n] for n in floating}, due, "what a float32 model holds afterwards", dtype=torch.float32)


def test_changes_nothing_else(student, model, draw):
    """Parameters stay the same objects and are trained as before; the checkpoint stays as it was, and lives apart."""
    state = {"m.a.bias": draw.normal(3), "c.weight": draw.normal(2, 3), "m.none": draw.normal(1)}
    model.set_requires_grad({"a.bias": False})
    needs = model.requires_grad()
    student.load_matching(model, state, "m.")
    student.tools.observe("changed", len([n for n in student.tools.changed_inputs() if n.startswith("state")]))
    close([n for n in student.tools.changed_inputs() if n.startswith("state")], [], "what changed of the checkpoint")
    close(list(model.identities().values()), [True] * len(needs), "whether parameters are the same objects")
    close(model.requires_grad(), needs, "which parameters require a gradient")


def test_an_empty_checkpoint_fits(student, model, values):
    """Of an empty checkpoint nothing is loaded, and everything is missing."""
    close(student.load_matching(model, {}, prefix="module."), lists([], []), "the three lists")
    inputs_unchanged(student)
    expect_numbers(model, values)

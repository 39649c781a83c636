"""Hidden checks of `replace_head`. What the new layer draws is random: shapes, dtypes and objects are compared."""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    close,
    expect_model,
    fail,
    initial_state,
    linear,
    raises,
    relu,
    routed,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("replace_head")

FLAT = sequential(linear(2, 3), relu(), linear(3, 5), linear(5, 4))
NESTED = sequential(linear(2, 3), relu(), sequential(linear(3, 4, bias=False), tanh()))
DEEP = sequential(body=sequential(linear(2, 3), tanh()), top=sequential(a=sequential(b=linear(3, 4))), end=relu())
#: Each with the qualified name of its last Linear.
PLANS = {"in a row": (FLAT, "3"), "nested": (NESTED, "2.0"), "deep": (DEEP, "top.a.b")}
EACH = pytest.mark.parametrize("case", list(PLANS))


def new_shapes(plan, head, classes):
    """Return the shapes that are due, by name."""
    shapes = {name: tuple(value.shape) for name, value in initial_state(plan).items()}
    return {n: (classes, *shape[1:]) if n.startswith(f"{head}.") else shape for n, shape in shapes.items()}


def expect_new_head(student, model, head, classes):
    """Require a layer with so many outputs: a model that nothing was done to keeps its body, too."""
    shape, _ = model.layout().get(f"{head}.weight", ((0,), None))
    if not student.tools.observe("a new head", shape[0] == classes):
        fail("The last Linear of the model that comes back has not as many outputs as there are classes.")


def replaced(student, plan, classes, **options):
    """Build a model, replace its head, and return both."""
    model = student.tools.model(plan, initial_state(plan, **options))
    with student.tools.unrecorded():
        return model, expect_model(student.replace_head(model, classes))


@EACH
@pytest.mark.weight(2)
def test_has_the_new_outputs(student, draw, case):
    """The last Linear has as many outputs as there are classes, the same inputs, and a bias if there was one."""
    plan, head = PLANS[case]
    classes = draw.integer(5, 9)
    _, new = replaced(student, plan, classes)
    found = {name: shape for name, (shape, _) in new.layout().items()}
    due = new_shapes(plan, head, classes)
    student.tools.observe("names", [name in due for name in found])
    close(found, due, "the shapes of the parameters")
    close(tuple(new.forward(draw.normal(6, 2)).shape), (6, classes), "the shape of the output")


@EACH
@pytest.mark.weight(2)
def test_is_the_model_itself(student, case):
    """The model that was given comes back, changed in place."""
    plan, head = PLANS[case]
    model, new = replaced(student, plan, 6)
    if not student.tools.observe("the same", new.same_as(model)):
        fail("What comes back is another model than the one that was given.")
    found = {name: shape for name, (shape, _) in model.layout().items()}
    close(found, new_shapes(plan, head, 6), "the shapes of the parameters of the model that was given")


@EACH
@pytest.mark.weight(2)
def test_leaves_the_body_alone(student, draw, case):
    """All other parameters are the same objects with the same numbers; those of the head are new ones."""
    plan, head = PLANS[case]
    seed = draw.integer(0, 1 << 40)
    model, new = replaced(student, plan, 6, seed=seed)
    expect_new_head(student, new, head, 6)
    before = {n: v for n, v in initial_state(plan, seed).items() if not n.startswith(f"{head}.")}
    kept = {name: same for name, same in model.identities().items() if name in before}
    close(kept, dict.fromkeys(before, True), "whether parameters are the same objects")
    with student.tools.unrecorded():
        state = model.state()
    found = {name: state[name] for name in before}
    student.tools.observe("the body's numbers", all(torch.equal(found[n], v) for n, v in before.items()))
    close(found, before, "the numbers of the body")
    close(all(model.requires_grad().values()), True, "whether all parameters require a gradient")


@pytest.mark.weight(2)
def test_the_last_of_the_names_counts(student):
    """The last Linear in the order of named_modules is meant, whatever runs last, and others stay."""
    plan = routed(("b", "a"), a=linear(3, 4), b=linear(2, 3))
    model = student.tools.model(plan)
    with student.tools.unrecorded():
        student.replace_head(model, 7)
    due = {"a.weight": (4, 3), "a.bias": (4,), "b.weight": (7, 2), "b.bias": (7,)}
    close({name: shape for name, (shape, _) in model.layout().items()}, due, "the shapes of the parameters")


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_keeps_the_dtype(student, draw, dtype):
    """The new head has the dtype of the old one."""
    _, new = replaced(student, NESTED, 3, dtype=dtype)
    if any(found != dtype for _, found in new.layout().values()):
        student.tools.observe("another dtype", value=True)
        lost = "dtype-lost" if dtype == torch.float64 else None
        raise CheckFailure("The new head has another dtype than the old one.", lost)
    close(tuple(new.forward(draw.normal(2, 2, dtype=dtype)).shape), (2, 3), "the shape of the output")


def test_keeps_the_device(student, device):
    """The new head is on the device of the old one: also on torch's device "meta", which holds no numbers."""
    model = student.tools.model(FLAT)
    if device == "cpu":
        model.to("meta")
    with student.tools.unrecorded():
        new = expect_model(student.replace_head(model, 3))
        kinds = new.devices()
    expect_new_head(student, new, "3", 3)
    if student.tools.observe("two devices", len(set(kinds.values())) > 1):
        raise CheckFailure("The new head is on another device than the old one.", "device-lost")


def test_the_head_is_drawn_at_random(student):
    """Two new heads have different numbers, and no number is that of the old one."""
    with student.tools.unrecorded():
        states = [replaced(student, FLAT, 4)[1].state() for _ in range(2)]
    old = initial_state(FLAT)
    heads = [state.get("3.weight") for state in states]
    if any(head is None or head.shape != (4, 5) for head in heads):
        fail("The new head has not the shape of the old one, where as many classes are asked for.")
    if not student.tools.observe("fresh", not torch.equal(*heads) and not torch.equal(heads[0], old["3.weight"])):
        fail("The head that is put in is no new one with numbers of its own.")


def test_refuses_a_model_without_a_head(student):
    """A model without any Linear raises a ValueError."""
    raises(student, "replace_head", student.tools.model(sequential(relu(), sequential(tanh()))), 3)

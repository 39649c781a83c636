"""Hidden checks of `freeze`: what requires a gradient, what has one, and which modules are in which mode."""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    batchnorm1d,
    batchnorm2d,
    close,
    conv2d,
    dropout,
    flatten,
    initial_state,
    linear,
    raises,
    relu,
    sequential,
)

pytestmark = pytest.mark.exercise("freeze")

PLAN = sequential(
    l1=linear(2, 2),
    l10=linear(2, 2),
    norm=batchnorm1d(2),
    act=relu(),
    l2=sequential(linear(2, 2), dropout(0.5)),
    # Names that stand elsewhere, too.
    head=sequential(norm=batchnorm1d(2), l1=linear(2, 3, bias=False)),
)
TRAINED = [
    *("l1.weight", "l1.bias", "l10.weight", "l10.bias", "norm.weight", "norm.bias"),
    *("l2.0.weight", "l2.0.bias", "head.norm.weight", "head.norm.bias", "head.l1.weight"),
]
#: What is kept, and which of the names above belong to it.
CASES = {
    "a layer": (["l1"], ["l1.weight", "l1.bias"]),
    "a part with layers": (["head"], ["head.norm.weight", "head.norm.bias", "head.l1.weight"]),
    "several": (["head.l1", "l2", "norm"], ["norm.weight", "norm.bias", "l2.0.weight", "l2.0.bias", "head.l1.weight"]),
    "nothing": ([], []),
}
PARTS = pytest.mark.parametrize("case", list(CASES))


@pytest.fixture
def model(student, draw):
    """A model whose parameters have gradients, some of which were frozen before."""
    made = student.tools.model(PLAN, initial_state(PLAN, draw.integer(0, 1 << 40)))
    made.set_grads({name: torch.ones(made.layout()[name][0], dtype=torch.float64) for name in TRAINED})
    made.set_requires_grad({"l1.weight": False, "l10.bias": False, "head.l1.weight": False, "l2.0.bias": False})
    return made


@PARTS
@pytest.mark.weight(2)
def test_trains_just_what_is_kept(student, model, case):
    """Just the parameters of what is kept, and of all below it, require a gradient, whatever they did before."""
    keep, names = CASES[case]
    student.freeze(model, keep)
    found = model.requires_grad()
    close(found, {name: name in names for name in TRAINED}, "which parameters require a gradient")


@pytest.mark.weight(2)
def test_returns_the_names(student, model):
    """The names of what is trained come back, in the order of named_parameters."""
    keep, names = CASES["several"]
    close(student.freeze(model, keep), names, "the names")
    close(student.freeze(model, []), [], "the names if nothing is kept")


@pytest.mark.weight(3)
def test_forgets_old_gradients(student, model):
    """A frozen parameter has no gradient any more; what is trained keeps its own."""
    keep, names = CASES["a part with layers"]
    student.freeze(model, keep)
    found = {name: gradient is not None for name, gradient in model.grads().items()}
    close(found, {name: name in names for name in TRAINED}, "which parameters have a gradient")


@PARTS
@pytest.mark.weight(2)
def test_statistics_stand_still(student, model, case):
    """Batch normalisation outside of what is kept is in evaluation mode; all other flags stay."""
    keep, _ = CASES[case]
    model.set_flags({"l10": False, "head": False})
    before = model.flags()
    student.freeze(model, keep)
    still = {name for name in ("norm", "head.norm") if not any(f"{name}.".startswith(f"{top}.") for top in keep)}
    close(model.flags(), {name: flag and name not in still for name, flag in before.items()}, "the training flags")


def test_images_have_statistics_too(student):
    """The same holds for the batch normalisation of images, in float32."""
    plan = sequential(conv2d(1, 2, 3), batchnorm2d(2), flatten(), linear(32, 2))
    model = student.tools.model(plan, initial_state(plan, dtype=torch.float32))
    close(student.freeze(model, ["3"]), ["3.weight", "3.bias"], "the names")
    close(model.flags(), {"": True, "0": True, "1": False, "2": True, "3": True}, "the training flags")


def test_what_is_kept_keeps_its_mode(student, model):
    """A batch normalisation in what is kept stays in evaluation mode if it was in it."""
    model.set_flags({"head.norm": False, "head.l1": False})
    student.freeze(model, ["head"])
    flags = model.flags()
    close([flags[name] for name in ("head", "head.norm", "head.l1", "norm")], [True, False, False, False], "the flags")


@pytest.mark.weight(2)
def test_refuses_unknown_names(student, model):
    """A name that no module has raises a ValueError, and the model is as before."""
    before = model.requires_grad(), model.flags()
    # The last is a parameter, the one before the beginning of a name.
    for keep in (["l1", "tail"], ["hea"], ["head.l1.weight"]):
        raises(student, "freeze", model, keep)
    close((model.requires_grad(), model.flags()), before, "what requires a gradient, and the flags, after an error")
    if any(gradient is None for gradient in model.grads().values()):
        raise CheckFailure("After a call that raised, gradients are gone.")


def test_changes_no_numbers(student, model):
    """Parameters stay the same objects with the same numbers, and so do statistics and the list of names."""
    keep = ["l2", "head"]
    before = model.state()
    student.freeze(model, keep)
    if any("keep" in name for name in student.tools.changed_inputs()):
        raise CheckFailure("The call changed the list of names.", "in-place")
    close(model.state(), before, "the numbers of the model")
    close(list(model.identities().values()), [True] * len(TRAINED), "whether parameters are the same objects")

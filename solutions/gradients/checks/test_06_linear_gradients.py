"""Hidden checks of `linear_gradients`. The judge sets every `.grad` itself, so no backward pass has to come before."""

import pytest
import torch

from autograder.checks import (
    again,
    batchnorm1d,
    close,
    conv2d,
    fail,
    flatten,
    has_graph,
    initial_state,
    inputs_unchanged,
    linear,
    raises,
    relu,
    repeatable,
    routed,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("linear_gradients")

NESTED = sequential(linear(3, 4), tanh(), sequential(inner=linear(4, 4), act=relu()), linear(4, 2))
#: Registered in another order than it runs in, with a layer that never runs.
ROUTED = routed(("b", "a"), a=linear(4, 2), b=linear(3, 4), unused=linear(2, 3, bias=False))
MIXED = sequential(conv2d(2, 3, 2), relu(), flatten(), linear(12, 5), batchnorm1d(5), linear(5, 3, bias=False))
SHARED = sequential(linear(3, 3), tanh(), again("0"), linear(3, 2))


def gradients_for(draw, plan, dtype=torch.float64):
    """Draw a gradient for every parameter of a plan."""
    state = initial_state(plan)
    named = {n: v for n, v in state.items() if n.endswith(("weight", "bias"))}
    return {n: draw.normal(*v.shape).to(dtype) for n, v in named.items()}


def model_on(side, plan, gradients, dtype=torch.float64):
    """Build a plan with these gradients."""
    model = side.tools.model(plan, initial_state(plan, dtype=dtype))
    model.set_grads(gradients)
    return model


@pytest.mark.weight(2)
@pytest.mark.parametrize("plan", [NESTED, ROUTED], ids=["nested", "routed"])
def test_names_every_layer_with_its_gradient(student, reference, draw, plan):
    """One entry for each Linear, in the order of named_modules(), with the gradient of its weight."""
    gradients = gradients_for(draw, plan)
    mine, due = (side.linear_gradients(model_on(side, plan, gradients)) for side in (student, reference))
    close(mine, due, "the gradients")
    if list(mine) != list(due):
        fail("The entries are right, but not in the order of named_modules().")


def test_leaves_other_layers_out(student, reference, draw):
    """Convolutions and normalisations have weights too, but are not Linear layers."""
    gradients = gradients_for(draw, MIXED)
    mine, due = (side.linear_gradients(model_on(side, MIXED, gradients)) for side in (student, reference))
    close(mine, due, "the gradients")


def test_a_shared_layer_counts_once(student, reference, draw):
    """A layer that stands in two places has one entry, under its first name."""
    gradients = {n: g for n, g in gradients_for(draw, SHARED).items() if not n.startswith("2.")}
    mine, due = (side.linear_gradients(model_on(side, SHARED, gradients)) for side in (student, reference))
    close(mine, due, "the gradients")


def test_a_single_layer_has_the_empty_name(student, reference, draw):
    """A model that is a Linear itself is called ""."""
    gradients = gradients_for(draw, linear(3, 2))
    mine, due = (side.linear_gradients(model_on(side, linear(3, 2), gradients)) for side in (student, reference))
    close(mine, due, "the gradients")


@pytest.mark.weight(4)
def test_gives_copies(student, draw):
    """Another backward pass adds to .grad in place; what was returned before stays as it was."""
    gradients = gradients_for(draw, NESTED)
    model = model_on(student, NESTED, gradients)
    kept = student.tools.kept("linear_gradients", model)
    model.add_grads(gradients_for(draw, NESTED))
    now = kept.read()
    due = {name: gradients[f"{name}.weight"] for name in ("0", "2.inner", "3")}
    close(kept.value, due, "the gradients")
    if any(has_graph(t) for t in kept.value.values()):
        fail("A gradient in the result still asks for gradients of its own: detach it.")
    try:
        close(now, due, "the gradients")
    except AssertionError:
        fail("What you returned changed with the model's next backward pass: it has to be a copy.", "gradients-alias")


@pytest.mark.weight(2)
@pytest.mark.parametrize("missing", ["all", "one"])
def test_says_that_a_gradient_is_missing(student, draw, missing):
    """Where a Linear's weight has no gradient, a RuntimeError says so; where all have one, there is an answer."""
    gradients = gradients_for(draw, NESTED) if missing == "one" else {}
    if missing == "one":
        gradients["2.inner.weight"] = None
    raises(student, "linear_gradients", model_on(student, NESTED, gradients), error="RuntimeError")
    # A function that refuses every model looks at no gradient.
    if student.linear_gradients(model_on(student, NESTED, gradients_for(draw, NESTED))) is None:
        fail("A model in which all weights have gradients has to give a dict.")


def test_a_bias_needs_no_gradient(student, reference, draw):
    """Only weights are asked for: a bias whose gradient is None does no harm."""
    gradients = {n: g for n, g in gradients_for(draw, NESTED).items() if n.endswith("weight")}
    mine, due = (side.linear_gradients(model_on(side, NESTED, gradients)) for side in (student, reference))
    close(mine, due, "the gradients")


def test_keeps_float32(student, reference, draw):
    """A float32 model has float32 gradients."""
    gradients = gradients_for(draw, NESTED, torch.float32)
    mine, due = (
        side.linear_gradients(model_on(side, NESTED, gradients, torch.float32)) for side in (student, reference)
    )
    close(mine, due, "the gradients", dtype=torch.float32)


def test_leaves_the_model_alone(student, draw):
    """The model's parameters are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "linear_gradients", model_on(student, NESTED, gradients_for(draw, NESTED)))
    inputs_unchanged(student)

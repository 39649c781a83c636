"""Hidden checks of `weights_vp`: what the Axes shows is read from its outlines, whatever drew them.

Each layer's weights, gradients and biases are drawn around values of their own, several deviations apart from those
of every other tensor, so that an outline shows at a glance which of them lie under it.
"""

import pytest
import torch

from autograder.checks import (
    batchnorm1d,
    conv2d,
    fail,
    flatten,
    initial_state,
    inputs_unchanged,
    linear,
    raises,
    relu,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("weights_vp")

PLAIN = sequential(linear(4, 5), tanh(), linear(5, 6), tanh(), linear(6, 5))
NESTED = sequential(linear(5, 6), relu(), sequential(linear(6, 5), relu(), linear(5, 5)), linear(5, 7))
MIXED = sequential(conv2d(2, 4, 2), relu(), flatten(), linear(4, 6), batchnorm1d(6), linear(6, 5))
LAYERS = {"plain": (PLAIN, ("0", "2", "4")), "nested": (NESTED, ("0", "2.0", "2.2", "3")), "mixed": (MIXED, ("3", "5"))}
SAYS = {
    "grad": "gradients of weights",
    "weight": "weights",
    "grad and bias": "gradients of weights and biases",
    "weight and bias": "weights and biases",
    "bias": "biases",
}


class Scene:
    """A model with weights and gradients of the judge's, and what a violin might show of it.

    The nested model is in float32, as models are that nobody made otherwise.
    """

    def __init__(self, student, draw, which):
        plan, self.layers = LAYERS[which]
        dtype = torch.float32 if which == "nested" else torch.float64
        state = initial_state(plan, dtype=dtype)
        grads = {}
        for i, name in enumerate(self.layers, 1):
            # In deviations; gradients are small numbers, weights are not. No order from left to right.
            place = 8.0 * i * (-1) ** i
            for part, at in (("weight", 0.0), ("bias", 4.0)):
                shape = state[f"{name}.{part}"].shape
                state[f"{name}.{part}"] = 0.5 * (place + at + draw.normal(*shape, dtype=dtype))
                grads[f"{name}.{part}"] = 0.01 * (-place + at + draw.normal(*shape, dtype=dtype))
        for name, value in state.items():
            if name.endswith(("weight", "bias")) and name not in grads:
                grads[name] = draw.normal(*value.shape, dtype=dtype)
        self.model = student.tools.model(plan, state)
        self.model.set_grads(grads)
        self.candidates = {}
        for i, name in enumerate(self.layers, 1):
            w, b, dw, db = (t[f"{name}.{part}"].flatten() for t in (state, grads) for part in ("weight", "bias"))
            self.candidates |= {
                f"{i}: weight": w,
                f"{i}: grad": dw,
                f"{i}: weight and bias": torch.cat([w, b]),
                f"{i}: grad and bias": torch.cat([dw, db]),
                f"{i}: bias": b,
                f"{i}: bias grad": db,
            }

    def due(self, att):
        """Return what the violins have to show."""
        return [f"{i}: {att}" for i in range(1, len(self.layers) + 1)]


@pytest.fixture
def scene(student, draw):
    """A plain network with gradients."""
    return Scene(student, draw, "plain")


def drawn(student, *args, **kwargs):
    """Call weights_vp and return its Axes."""
    drawing = student.tools.drawing("weights_vp", *args, **kwargs)
    if drawing is None:
        fail("The function has to return the matplotlib Axes that it drew into.")
    return drawing


def require(drawing, scene, att):
    """Require one upright violin for each layer, from the first to the last, over these values."""
    due = scene.due(att)
    found = drawing.contents(scene.candidates)
    if found == due:
        return
    if drawing.contents(scene.candidates, lying=True) == due:
        fail("The violins lie on their side. They have to stand upright, one beside the other along the x axis.")
    if len(found) != len(due):
        fail(f"There has to be one violin for each Linear: {len(due)} here.", alternatives=1)
    if sorted(found) == sorted(due):
        fail("The violins show the right values, but do not stand in the order of the layers.")
    shown = {name.partition(": ")[2] for name in found}
    if len(shown) == 1 and (known := SAYS.get(shown.pop())) is not None:
        fail(f"The violins have to show the {SAYS[att]}. Yours show {known}.", alternatives=len(SAYS))
    wrong = next(i for i, (a, b) in enumerate(zip(found, due, strict=True), 1) if a != b)
    fail(f"Violin {wrong} does not show the {SAYS[att]} of layer {wrong}.", alternatives=len(due))


@pytest.mark.weight(3)
@pytest.mark.parametrize("which", ["plain", "nested"])
def test_shows_the_gradients_of_each_layer(student, draw, which):
    """With att="grad" there is one upright violin for each Linear, over the gradients of its weight."""
    scene = Scene(student, draw, which)
    require(drawn(student, scene.model, "grad"), scene, "grad")


@pytest.mark.weight(3)
@pytest.mark.parametrize("which", ["plain", "nested"])
def test_shows_the_weights_of_each_layer(student, draw, which):
    """With att="weight" there is one upright violin for each Linear, over its weight."""
    scene = Scene(student, draw, which)
    require(drawn(student, scene.model, att="weight"), scene, "weight")


def test_shows_gradients_by_default(student, scene):
    """Without att the gradients are shown, and the title says so."""
    drawing = drawn(student, scene.model)
    require(drawing, scene, "grad")
    if not drawing.titled("grad"):
        fail("The title of the Axes has to be att, here the default.")


def test_leaves_other_layers_out(student, draw):
    """Convolutions and normalisations are not Linear layers and have no violin."""
    scene = Scene(student, draw, "mixed")
    require(drawn(student, scene.model, "weight"), scene, "weight")


@pytest.mark.weight(2)
@pytest.mark.parametrize("att", ["grad", "weight"])
def test_says_what_it_shows(student, scene, att):
    """The x axis is labelled num_hidden and its ticks count the violins from 1; the title is att."""
    drawing = drawn(student, scene.model, att)
    right = drawing.labelled("num_hidden"), drawing.titled(att), drawing.counted()
    wrong = [
        what
        for what, fine in zip(("the label of the x axis", "the title", "the ticks of the x axis"), right, strict=True)
        if not fine
    ]
    if wrong:
        fail(f"Not as asked for: {' and '.join(wrong)}.", alternatives=8)


@pytest.mark.parametrize("att", ["bias", "grads", ""])
def test_refuses_another_attribute(student, scene, att):
    """Any other att ends in a ValueError."""
    raises(student, "weights_vp", scene.model, att)


def test_draws_the_same_again(student, scene):
    """The model is the same afterwards, and a second call draws no more than the first."""
    shown = []
    for _ in range(2):
        drawing = drawn(student, scene.model, "weight")
        inputs_unchanged(student)
        shown.append(len(drawing.contents(scene.candidates)) + drawing.left_out)
    # The notebook's own plots may have been kept as well: the first call need not be right.
    if shown[1] > shown[0]:
        fail("The second call painted over what the first one drew.", "accumulates-over-calls")
    require(drawing, scene, "weight")

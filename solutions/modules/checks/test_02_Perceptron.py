"""Hidden checks of the class `Perceptron`.

It is built of the student's own `Linear`: numbers that follow from that one count as right, so that a mistake there is
not paid for twice.
"""

import pytest
import torch

from autograder.checks import CheckFailure, StudentError, close, expect_model, fail, same_numbers

pytestmark = pytest.mark.exercise("Perceptron")

KEYS = ["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"]


def follows_from_own_linear(student, mine, sizes, x):
    """Whether the output is what the student's own Linear gives with the same values."""
    try:
        mine.to(torch.float64)
        state, inner = mine.state(), [student.Linear(*sizes[:2]), student.Linear(*sizes[1:])]
        for name, layer in zip(("layer1.", "layer2."), inner, strict=True):
            layer.load({key.removeprefix(name): v for key, v in state.items() if key.startswith(name)})
        close(mine.forward(x), inner[1].forward(torch.sigmoid(inner[0].forward(x))), "the output")
    except (CheckFailure, StudentError, AttributeError, TypeError, RuntimeError):
        return False
    return True


@pytest.mark.weight(3)
def test_computes_two_layers(student, reference, draw):
    """Between two linear layers stands the sigmoid, nothing follows, and gradients reach all parameters."""
    sizes, x = (3, 5, 2), draw.normal(4, 3)
    mine, due = expect_model(student.Perceptron(*sizes)), reference.Perceptron(*sizes)
    try:
        named = sorted(mine.layout()) == sorted(KEYS)
        same_numbers(mine, due, x, draw.integer(0, 1 << 40), by_name=named)
    except CheckFailure:
        # Where nothing is registered, no numbers can be set: what is drawn would differ each time.
        if not mine.layout() or not follows_from_own_linear(student, mine, sizes, x):
            raise


@pytest.mark.weight(2)
def test_children_have_their_names(student):
    """The parameters are called layer1.weight, layer1.bias, layer2.weight and layer2.bias."""
    found = list(expect_model(student.Perceptron(2, 3, 1)).layout())
    if student.tools.observe("nothing is registered", not found):
        fail("The state_dict is empty: the layers are not registered.")
    named = [key.rpartition(".")[0] in ("layer1", "layer2") for key in found]
    if not student.tools.observe("named", all(named)):
        fail("The layers are not called layer1 and layer2.")
    if not student.tools.observe("complete", {key.partition(".")[0] for key in found} == {"layer1", "layer2"}):
        fail("The parameters are not those of layer1 and layer2.")


def test_works_in_float32(student, reference, draw):
    """In float32 the output is that of the same layers, to single precision."""
    sizes, x = (4, 6, 3), draw.normal(5, 4, dtype=torch.float32)
    mine, due = expect_model(student.Perceptron(*sizes)), reference.Perceptron(*sizes)
    try:
        same_numbers(mine, due, x, draw.integer(0, 1 << 40), dtype=torch.float32, ops=256)
    except CheckFailure:
        if not mine.layout():
            raise
        seen = mine.forward(x)
        if not isinstance(seen, torch.Tensor) or seen.dtype != torch.float32:
            raise
        if not follows_from_own_linear(student, mine, sizes, x.double()):
            raise

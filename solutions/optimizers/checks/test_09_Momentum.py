"""Hidden checks of the class `Momentum`."""

import pytest
import torch

from autograder.checks import close, fail

pytestmark = pytest.mark.exercise("Momentum")

CLOSURE = """
import torch
w = torch.nn.Parameter(torch.tensor([1.0, 2.0], dtype=torch.float64))
optimizer = Momentum([w], lr=0.1)
enabled = []
def closure():
    enabled.append(torch.is_grad_enabled())
    optimizer.zero_grad()
    loss = (w**2).sum()
    loss.backward()
    return loss
loss = optimizer.step(closure)
float(loss) if isinstance(loss, torch.Tensor) else loss, enabled, optimizer.step()
"""


@pytest.fixture
def gradients(draw):
    """Six steps of gradients for three parameters, of which two share a shape."""
    return [[draw.log_uniform(1e-3, 10, *shape) for shape in ((3,), (3,), (2, 2))] for _ in range(6)]


@pytest.fixture
def parameters(draw):
    """Values of those three parameters."""
    return [draw.normal(3), draw.normal(3), draw.normal(2, 2)]


@pytest.mark.weight(2)
def test_walks_the_right_path(student, reference, draw):
    """One parameter, six steps with the default momentum of 0.9."""
    start, steps = [draw.normal(4)], [[draw.log_uniform(1e-3, 10, 4)] for _ in range(6)]
    mine, due = (side.tools.optimizer("Momentum", start, lr=0.05) for side in (student, reference))
    close(mine.run(steps), due.run(steps), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
def test_every_parameter_has_its_own_velocity(student, reference, parameters, gradients):
    """Parameters of the same shape and of different shapes do not share a velocity."""
    mine, due = (side.tools.optimizer("Momentum", parameters, lr=0.05, momentum=0.8) for side in (student, reference))
    close(mine.run(gradients), due.run(gradients), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
def test_groups_have_their_own_options(student, reference, parameters, gradients):
    """Each parameter group uses its own learning rate and momentum."""
    groups = [parameters[:1], parameters[1:]]
    options = [{"lr": 0.1}, {"momentum": 0.5}]
    mine, due = (
        side.tools.optimizer("Momentum", groups, options, lr=0.02, momentum=0.9) for side in (student, reference)
    )
    close(mine.run(gradients), due.run(gradients), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
def test_nesterov_looks_ahead(student, reference, parameters, gradients):
    """With nesterov=True each step goes along g + μ·v with the new v."""
    mine, due = (
        side.tools.optimizer("Momentum", parameters, lr=0.05, momentum=0.7, nesterov=True)
        for side in (student, reference)
    )
    close(mine.run(gradients), due.run(gradients), "the path", levels=("step", "parameter"))


def test_groups_may_differ_in_nesterov(student, reference, parameters, gradients):
    """Whether a step looks ahead is an option of the group, too."""
    groups, options = [parameters[:1], parameters[1:]], [{"nesterov": True}, {}]
    mine, due = (
        side.tools.optimizer("Momentum", groups, options, lr=0.05, momentum=0.7) for side in (student, reference)
    )
    close(mine.run(gradients[:3]), due.run(gradients[:3]), "the path", levels=("step", "parameter"))


@pytest.mark.diagnosis(error="crashes-on-none-grad")
def test_skips_parameters_without_a_gradient(student, reference, parameters, gradients):
    """A parameter whose .grad is None takes no part in the step, and starts when its first gradient comes."""
    steps = [[None if (t, i) in {(0, 1), (2, 0)} else g for i, g in enumerate(row)] for t, row in enumerate(gradients)]
    mine, due = (side.tools.optimizer("Momentum", parameters, lr=0.05, momentum=0.8) for side in (student, reference))
    close(mine.run(steps), due.run(steps), "the path", levels=("step", "parameter"))


@pytest.mark.parametrize("nesterov", [False, True], ids=["plain", "nesterov"])
def test_leaves_gradients_as_they_were(student, parameters, gradients, nesterov):
    """After a step every .grad holds what it held before."""
    optimizer = student.tools.optimizer("Momentum", parameters, lr=0.1, momentum=0.8, nesterov=nesterov)
    optimizer.run(gradients[:2])
    for found, due in zip(optimizer.grads(), gradients[1], strict=True):
        if found is None or found.shape != due.shape or not torch.equal(found, due):
            fail("A step changed the .grad of a parameter.", "edits-grad")


def test_keeps_float32(student, reference, draw):
    """float32 parameters stay float32."""
    start, steps = [draw.normal(3).float()], [[draw.normal(3).float()] for _ in range(3)]
    mine, due = (side.tools.optimizer("Momentum", start, lr=0.05) for side in (student, reference))
    close(
        mine.run(steps),
        due.run(steps),
        "the path",
        levels=("step", "parameter"),
        dtype=torch.float32,
        ops=128,
    )


def test_asks_the_closure_for_its_loss(student):
    """step(closure) calls it once, with gradients enabled, and returns its loss; without one it returns None."""
    loss, enabled, without = student.tools.example(CLOSURE)
    if not enabled:
        fail("`step(closure)` does not call the closure.")
    if loss is None:
        fail("`step(closure)` returned None; it has to return the closure's loss.")
    close((loss, enabled, without), (5.0, [True], None), "the loss, how gradients were, and what comes back without")

"""Hidden checks of the class `Adam`.

The probe: gradients over eight decades with both signs, three parameters of which two share a shape, two
groups with different learning rates and weight decay, one step without a gradient. Only the convention check
uses an eps that shows.
"""

import pytest
import torch

from autograder.checks import close, fail

pytestmark = pytest.mark.exercise("Adam")

CLOSURE = """
import torch
w = torch.nn.Parameter(torch.tensor([1.0, 2.0], dtype=torch.float64))
optimizer = Adam([w], lr=0.1)
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

BETAS = (0.8, 0.93)


@pytest.fixture
def gradients(draw):
    """Twelve steps of gradients for three parameters, of which two share a shape."""
    return [[draw.log_uniform(1e-7, 10, *shape) for shape in ((3,), (3,), (2, 2))] for _ in range(12)]


@pytest.fixture
def parameters(draw):
    """Values of those three parameters."""
    return [draw.normal(3), draw.normal(3), draw.normal(2, 2)]


@pytest.mark.weight(2)
def test_walks_the_right_path(student, reference, parameters, gradients):
    """Twelve steps of three parameters, each with averages and a step count of its own."""
    mine, due = (
        side.tools.optimizer("Adam", parameters, lr=0.05, betas=BETAS, eps=0.0) for side in (student, reference)
    )
    for t, (found, expected) in enumerate(zip(mine.run(gradients), due.run(gradients), strict=True), 1):
        close(found, expected, f"the parameters after step {t}", levels=("parameter",))


@pytest.mark.weight(2)
def test_groups_have_their_own_options(student, reference, parameters, gradients):
    """Each parameter group uses its own learning rate, betas and eps."""
    groups = [parameters[:1], parameters[1:]]
    # An eps of zero in both groups: the default shows where it is used instead, wherever it is added.
    options = [{"lr": 0.1, "eps": 0.0}, {"betas": (0.6, 0.9), "eps": 0.0}]
    mine, due = (
        side.tools.optimizer("Adam", groups, options, lr=0.02, betas=BETAS, eps=0.5) for side in (student, reference)
    )
    close(mine.run(gradients[:6]), due.run(gradients[:6]), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
def test_weight_decay_is_part_of_the_gradient(student, reference, parameters, gradients):
    """With weight decay the averages are taken of g + λ·p, and every group has its own λ."""
    groups, options = [parameters[:1], parameters[1:]], [{"weight_decay": 0.3}, {"weight_decay": 0.1}]
    mine, due = (
        side.tools.optimizer("Adam", groups, options, lr=0.02, betas=BETAS, eps=0.0) for side in (student, reference)
    )
    close(mine.run(gradients[:6]), due.run(gradients[:6]), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
@pytest.mark.diagnosis(error="crashes-on-none-grad")
def test_skips_parameters_without_a_gradient(student, reference, parameters, gradients):
    """A parameter whose .grad is None takes no part in the step; its own step count does not advance."""
    steps = [[None if (t, i) in {(0, 1), (2, 0)} else g for i, g in enumerate(row)] for t, row in enumerate(gradients)]
    mine, due = (
        side.tools.optimizer("Adam", parameters, lr=0.05, betas=BETAS, eps=0.0) for side in (student, reference)
    )
    close(mine.run(steps[:6]), due.run(steps[:6]), "the path", levels=("step", "parameter"))


@pytest.mark.weight(2)
def test_survives_a_checkpoint(student, reference, parameters, gradients):
    """A new optimizer that loads state_dict() in mid-run goes on as if nothing had happened."""
    ends = []
    for side in (student, reference):
        optimizer = side.tools.optimizer("Adam", parameters, lr=0.05, betas=BETAS, eps=0.0)
        optimizer.run(gradients[:3])
        ends.append(optimizer.reload().run(gradients[3:6]))
    close(*ends, "the path after loading", levels=("step", "parameter"))


def test_has_the_usual_defaults(student, reference, draw):
    """Without options lr is 1e-3, betas are (0.9, 0.999), and there is no weight decay."""
    start, steps = [draw.uniform(1, 2, 4)], [[draw.log_uniform(5, 50, 4)] for _ in range(4)]
    mine, due = (side.tools.optimizer("Adam", start) for side in (student, reference))
    close(mine.run(steps), due.run(steps), "the path", levels=("step", "parameter"))


def test_has_the_usual_eps(student, draw):
    """Without options eps is 1e-8: small, but not nothing where gradients are as small."""
    g = draw.log_uniform(1e-9, 1e-7, 4)
    (found,) = student.tools.optimizer("Adam", [torch.zeros_like(g)]).step([g])
    # Where eps is added is the business of another check: here each of the three usual forms is right.
    roots = g.abs() + 1e-8, (g**2 + 1e-8).sqrt(), g.abs() + 1e-8 / (1 - 0.999) ** 0.5
    close(found, min((-1e-3 * g / root for root in roots), key=lambda due: float((found - due).abs().sum())))


@pytest.mark.convention
@pytest.mark.weight(4)
def test_eps_is_added_to_the_corrected_root(student, reference, parameters, gradients):
    """The eps is added to √v̂: after the root and after the correction."""
    mine, due = (
        side.tools.optimizer("Adam", parameters, lr=0.05, betas=BETAS, eps=1e-3) for side in (student, reference)
    )
    close(mine.run(gradients), due.run(gradients), "the path", levels=("step", "parameter"))


def test_leaves_gradients_as_they_were(student, parameters, gradients):
    """After a step every .grad holds what it held before, with weight decay too."""
    optimizer = student.tools.optimizer("Adam", parameters, lr=0.1, weight_decay=0.5)
    optimizer.run(gradients[:2])
    for found, due in zip(optimizer.grads(), gradients[1], strict=True):
        if found is None or found.shape != due.shape or not torch.equal(found, due):
            fail("A step changed the .grad of a parameter.", "edits-grad")


def test_keeps_float32(student, reference, draw):
    """float32 parameters stay float32."""
    start, steps = [draw.normal(3).float()], [[draw.log_uniform(0.1, 10, 3).float()] for _ in range(3)]
    mine, due = (side.tools.optimizer("Adam", start, lr=0.05, betas=BETAS) for side in (student, reference))
    close(
        mine.run(steps),
        due.run(steps),
        "the path",
        levels=("step", "parameter"),
        dtype=torch.float32,
        ops=256,
    )


def test_asks_the_closure_for_its_loss(student):
    """step(closure) calls it once, with gradients enabled, and returns its loss; without one it returns None."""
    loss, enabled, without = student.tools.example(CLOSURE)
    if not enabled:
        fail("`step(closure)` does not call the closure.")
    if loss is None:
        fail("`step(closure)` returned None; it has to return the closure's loss.")
    close((loss, enabled, without), (5.0, [True], None), "the loss, how gradients were, and what comes back without")

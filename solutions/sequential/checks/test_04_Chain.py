"""Hidden checks of the class `Chain`: a container is what it does with the modules that it was given.

Only the first check looks at claims, and only to refuse: that of being no nn.Sequential proves nothing.
"""

import pytest
import torch

from autograder.checks import (
    StudentError,
    batchnorm1d,
    close,
    compare_work,
    dropout,
    expect_model,
    fail,
    initial_state,
    linear,
    relu,
    tanh,
)

# Whoever takes nn.Sequential has done nothing of this exercise.
pytestmark = [pytest.mark.exercise("Chain"), pytest.mark.needs("is_written_by_hand")]

PLANS = (linear(3, 5), relu(), batchnorm1d(5), linear(5, 2), tanh())


@pytest.fixture
def chains(student, reference):
    """The same five modules in a Chain on either side: the chain, and what was put into it."""

    def make(side):
        inside = [side.tools.model(plan) for plan in PLANS]
        return expect_model(side.Chain(*inside), "a Chain"), inside

    return make(student), make(reference)


@pytest.mark.weight(2)
def test_is_written_by_hand(chains, draw):
    """nn.Sequential is neither its base nor inside; if nn.ModuleList is its base, there is a forward as well."""
    (mine, _), _ = chains
    if mine.is_a("nn.Sequential") or any(node.kind == "sequential" for node in mine.look().walk()):
        fail("A Chain is to be written without nn.Sequential.")
    # It has keys, a length, indices and a loop by itself.
    if mine.is_a("nn.ModuleList") and not runs(mine, draw.normal(6, 3)):
        fail("An nn.ModuleList runs nothing by itself: the Chain needs a forward.")


def runs(chain, x):
    """Whether a forward pass gives a tensor other than x."""
    try:
        output = chain.forward(x)
    except StudentError:
        return False
    return isinstance(output, torch.Tensor) and not torch.equal(output, x)


@pytest.mark.weight(3)
def test_runs_its_modules_in_order(chains, draw):
    """The output is that of one module after the other, in both modes, and gradients reach every parameter."""
    (mine, inside), (due, due_inside) = chains
    x, upstream = draw.normal(6, 3), draw.normal(6, 2)
    for mode in ("evaluation", "training"):
        # Whether train() of the chain gets to what is inside is another check.
        for module in (*inside, *due_inside):
            module.train(mode == "training")
        compare_work(mine.backward(x, upstream), due.backward(x, upstream), mode)


@pytest.mark.weight(3)
def test_keys_are_those_of_a_sequential(chains):
    """The state_dict has the keys 0.weight, 0.bias, 2.weight, …, as for nn.Sequential."""
    (mine, _), (due, _) = chains
    found, wanted = mine.layout(), due.layout()
    if not found:
        fail("The state_dict is empty: the modules are not registered.")
    if list(found) != list(wanted):
        fail("The keys of the state_dict are not those that nn.Sequential would give.")


def test_has_a_length(student, chains):
    """len(chain) is the number of modules."""
    (mine, _), _ = chains
    close(mine.length(), len(PLANS), "the length")
    close(expect_model(student.Chain(student.tools.model(relu()))).length(), 1, "the length of a chain of one")


def test_is_indexed_by_numbers(chains):
    """chain[i] is the module itself, counted from the end if i is negative."""
    (mine, inside), _ = chains
    for index in (0, 3, 4, -1, -5):
        if not expect_model(mine.item(index), "an entry").same_as(inside[index]):
            fail("An index gives some other object than the module at that place.")


@pytest.mark.weight(3)
def test_a_slice_is_a_chain(student, reference, chains, draw):
    """A slice is a Chain of the same modules, and runs."""
    (mine, inside), (due, _) = chains
    x = draw.normal(6, 5)
    for part in (slice(1, 4), slice(2, None), slice(1, -1), slice(1, None, 2)):
        found, modules = mine.item(part), inside[part]
        close(expect_model(found, "a slice of a Chain").is_a("Chain"), True, "whether the slice is a Chain")
        close(found.length(), len(modules), "the slice's length")
        if not all(expect_model(a).same_as(b) for a, b in zip(found.items(), modules, strict=True)):
            fail("The slice holds other objects than the chain's modules at those places.")
        close(found.forward(x), due.item(part).forward(x), "the slice's output")


def test_is_iterated_in_order(chains):
    """A loop over the chain visits each module once, in order."""
    (mine, inside), _ = chains
    found = mine.items()
    close(len(found), len(inside), "the number of modules in a loop")
    if not all(expect_model(a, "what a loop gives").same_as(b) for a, b in zip(found, inside, strict=True)):
        fail("A loop over the chain gives objects that are not its modules, or another order.")


@pytest.mark.weight(2)
def test_append_adds_at_the_end(student, reference, draw):
    """What was appended runs last, counts, and has the next number in the state_dict."""
    x = draw.normal(4, 3)
    outputs, keys = [], []
    for side in (student, reference):
        chain = expect_model(side.Chain(side.tools.model(linear(3, 4)), side.tools.model(relu())), "a Chain")
        chain.append(side.tools.model(linear(4, 2)))
        chain.append(side.tools.model(tanh()))
        close(chain.length(), 4, "the length after two appends")
        outputs.append(chain.forward(x))
        keys.append([name.rpartition(".")[2] for name in chain.layout()])
    close(outputs[0], outputs[1], "the output after two appends")
    close(keys[0], keys[1], "the parameters after two appends")


@pytest.mark.weight(2)
def test_modes_and_dtypes_reach_the_modules(student):
    """train(), eval() and to() of the chain change every module in it."""
    inside = [student.tools.model(plan) for plan in (linear(3, 2), dropout(0.5), batchnorm1d(2))]
    chain = expect_model(student.Chain(*inside), "a Chain")
    for mode in (False, True):
        chain.train(mode)
        for module in inside:
            close(module.flags()[""], mode, "the training flag of a module after train() or eval() of its chain")
    chain.to(torch.float32)
    if any(dtype is torch.float64 for module in (inside[0], inside[2]) for _, dtype in module.layout().values()):
        fail("to(torch.float32) of the chain leaves its modules in float64.")


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    plan, x = linear(3, 4), draw.normal(5, 3, dtype=torch.float32)
    state = initial_state(plan, 1, torch.float32)
    mine, due = (side.Chain(side.tools.model(plan, state), side.tools.model(relu())) for side in (student, reference))
    close(expect_model(mine).forward(x), due.forward(x), "the output", dtype=torch.float32)


def test_chains_are_independent(student, draw):
    """A second Chain holds its own modules only, and the first one is as before."""
    first = expect_model(student.Chain(student.tools.model(linear(3, 3)), student.tools.model(relu())), "a Chain")
    x = draw.normal(4, 3)
    before = first.forward(x)
    second = expect_model(student.Chain(student.tools.model(tanh())), "a Chain")
    if (first.length(), second.length()) != (2, 1):
        fail("A new Chain has modules of an earlier one.", "accumulates-over-calls")
    close(first.forward(x), before, "the first chain's output after a second was made")
    close(second.forward(x), torch.tanh(x), "the second chain's output")

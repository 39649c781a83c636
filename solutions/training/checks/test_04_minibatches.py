"""Hidden checks of `minibatches`.

In which order the indices come is free where they are shuffled. So those batches stay out of the transcript, and
what they show is observed: their lengths, whether each index comes once, whether they are in order. That 23
shuffled indices come in order has a probability of 4e-23; that 24 keep their neighbours in all batches of four, 2e-13.

Of 400 shuffled indices each distance to the index before (modulo 400) comes about once. That one comes 40 times has a
probability below 1e-45. Old and new places have a correlation with a deviation of 0.05, so 0.4 is eight of these.
"""

import pytest
import torch

from autograder.checks import CheckFailure, fail

pytestmark = pytest.mark.exercise("minibatches")


def batches_of(student, n, batch_size, **how):
    """Call the function, require a list of index tensors, and return their lengths and all indices in one list."""
    with student.tools.unrecorded():
        found = student.minibatches(n, batch_size, **how)
    kind = isinstance(found, list) and all(isinstance(b, torch.Tensor) for b in found)
    if not student.tools.observe("a list of tensors", kind):
        fail("A list of tensors is asked for.")
    fits = all(b.dtype is torch.int64 and b.dim() == 1 for b in found)
    if not student.tools.observe("one-dimensional int64", fits):
        fail("The batches have to be one-dimensional int64 tensors.")
    lengths = student.tools.observe("lengths", [len(b) for b in found])
    # The first n + 1 tell all: more than n cannot be right, and as Python numbers they would take ten times the memory.
    indices = torch.cat(found)[: n + 1].tolist() if found else []
    student.tools.observe("no index twice", len(set(indices)) == len(indices))
    student.tools.observe("within 0 and n - 1", all(0 <= i < n for i in indices))
    student.tools.observe("in order", indices == sorted(indices))
    return lengths, indices


def generator(student, draw):
    """Return a seeded generator of the CPU."""
    return student.tools.generator(draw.integer(1, 10**6), device="cpu")


@pytest.mark.weight(3)
def test_goes_through_all_once(student, draw):
    """Each index from 0 to n − 1 comes once, in batches of the size that is asked for but for the last one."""
    lengths, indices = batches_of(student, 23, 5, generator=generator(student, draw))
    if lengths != [5, 5, 5, 5, 3]:
        fail("23 samples in batches of 5 make four full batches, and one of 3.")
    if sorted(indices) != list(range(23)):
        fail("Not every index from 0 to n − 1 comes exactly once.")


@pytest.mark.weight(2)
def test_leaves_the_incomplete_batch_out(student, draw):
    """With drop_last only full batches are left, and no index comes twice."""
    lengths, indices = batches_of(student, 23, 5, drop_last=True, generator=generator(student, draw))
    if lengths != [5, 5, 5, 5]:
        fail("With drop_last 23 samples in batches of 5 make four batches of 5.")
    if len(set(indices)) != 20 or not set(indices) <= set(range(23)):
        fail("An index comes twice, or is none from 0 to n − 1.")


@pytest.mark.weight(2)
def test_full_batches_all_stay(student, draw):
    """Where every batch is full, drop_last leaves nothing out."""
    if batches_of(student, 24, 6, generator=generator(student, draw))[0] != [6, 6, 6, 6]:
        fail("Without drop_last 24 samples in batches of 6 make four batches of 6.")
    if batches_of(student, 24, 6, drop_last=True, generator=generator(student, draw))[0] != [6, 6, 6, 6]:
        fail("With drop_last, too, 24 samples in batches of 6 make four batches of 6: none of them is incomplete.")


@pytest.mark.weight(2)
def test_in_order_without_shuffling(student):
    """With shuffle=False the indices come in order."""
    _, indices = batches_of(student, 23, 5, shuffle=False)
    if indices != list(range(23)):
        fail("Without shuffling the indices are 0, 1, 2, … in order.")


def at_one_distance(indices):
    """Return whether many of these indices follow on the one before at the same distance."""
    steps = torch.tensor(indices).diff() % len(indices)
    return bool(steps.bincount().max() > len(indices) // 10)


def in_old_places(indices):
    """Return whether small indices come rather early, or rather late, and not everywhere."""
    places = torch.stack([torch.arange(len(indices)), torch.tensor(indices)]).double()
    return abs(float(places.corrcoef()[0, 1])) > 0.4


@pytest.mark.weight(2)
def test_shuffles(student, draw):
    """By default the indices come in another order, within batches and across them, without a pattern."""
    for how in ({"generator": generator(student, draw)}, {"generator": generator(student, draw), "shuffle": True}):
        # All batches are full: whichever comes first, the blocks of indices are the batches.
        _, indices = batches_of(student, 24, 4, **how)
        blocks = [sorted(indices[i : i + 4]) for i in range(0, 24, 4)]
        across = sorted(blocks) != [list(range(i, i + 4)) for i in range(0, 24, 4)]
        if not student.tools.observe("across batches", across):
            fail("The same neighbours are always in one batch, or the indices are in order.")
        _, many = batches_of(student, 400, 8, **how)
        # What is no permutation is for other checks.
        if student.tools.observe("at one distance", len(many) > 1 and at_one_distance(many)):
            fail("Many of your indices follow on the one before at the same distance, as 8 after 7 and 9 after 8.")
        if student.tools.observe("in old places", len(many) > 1 and in_old_places(many)):
            fail("Of 400 indices the small ones come early in your order, or late. A random order has them everywhere.")


@pytest.mark.weight(2)
def test_every_epoch_is_another(student, draw):
    """Two calls one after the other with one generator, or without any, give different batches."""
    source = generator(student, draw)
    student.tools.seed(draw.integer(1, 10**6))
    for how in ({"generator": source}, {}):
        first, second = (batches_of(student, 23, 5, **how)[1] for _ in range(2))
        if student.tools.observe("repeats", first == second):
            fail("Two calls one after the other give the same batches.")


@pytest.mark.weight(2)
def test_draws_from_the_generator_alone(student, draw):
    """Equally seeded generators give the same batches, and the global generator is not touched."""
    seed = draw.integer(1, 10**6)
    found, untouched = [], True
    for everyone in (1, 2):
        student.tools.seed(everyone)
        with student.tools.unrecorded():
            before = student.tools.rng()
        found.append(batches_of(student, 23, 5, generator=student.tools.generator(seed, device="cpu"))[1])
        with student.tools.unrecorded():
            untouched = untouched and student.tools.rng() == before
    if not student.tools.observe("the generator alone", untouched and found[0] == found[1]):
        fail("The order does not come from the generator that was given, or not alone.")


def test_batches_of_one_and_of_all(student, draw):
    """A batch of one sample is one, and a batch may be larger than the data."""
    cases = (
        (4, 1, False, [1] * 4, "Four samples in batches of 1 make four batches."),
        (5, 8, False, [5], "Five samples in batches of 8 make one batch of 5."),
        (5, 8, True, [], "With drop_last five samples in batches of 8 make no batch: the only one is incomplete."),
        (7, 7, True, [7], "With drop_last seven samples in batches of 7 make one batch: it is complete."),
    )
    for n, size, drop_last, due, sentence in cases:
        how = {"drop_last": drop_last, "generator": generator(student, draw)}
        if batches_of(student, n, size, **how)[0] != due:
            fail(sentence)


def test_does_not_remember_earlier_calls(student):
    """A second call without shuffling gives as many batches with the same indices, in whatever order."""
    found = [batches_of(student, 7, 3, shuffle=False) for _ in range(2)]
    if found[0][0] != found[1][0] or sorted(found[0][1]) != sorted(found[1][1]):
        raise CheckFailure("A second call gives other batches than the first.", "accumulates-over-calls")

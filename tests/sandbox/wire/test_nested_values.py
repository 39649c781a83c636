"""Nested values are replaced, walked through and compared by one function each."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.student import copy_values
from autograder.sandbox.wire.trees import MAX_DEPTH, alike, leaves, replaced

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
TREES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)
Point = namedtuple("Point", "x y")  # noqa: PYI024 - as students write it


def same(first: object, second: object) -> bool:
    """Compare two leaves as strictly as possible."""
    return type(first) is type(second) and first == second


@given(TREES)
def test_what_nothing_is_replaced_in_is_a_copy(tree: Any) -> None:
    """The same structure comes out, and all its lists and dicts are new."""
    again = replaced(tree, lambda leaf: leaf)
    assert again == tree
    assert alike(again, tree, same)
    assert alike(again, tree, same, ordered=True)
    assert list(leaves(again)) == list(leaves(tree))
    if isinstance(tree, (list, dict)):
        assert again is not tree


@given(TREES, TREES)
def test_alike_is_equality_of_kinds_and_leaves(first: Any, second: Any) -> None:
    """Two values that print differently, apart from the order in a dict, are not alike."""
    if alike(first, second, same, ordered=True):
        assert repr(first) == repr(second)
    if alike(first, second, same):
        assert first == second
        assert alike(second, first, same)


@given(TREES)
def test_every_leaf_is_replaced_once(tree: Any) -> None:
    """In the order in which `leaves` goes through them."""
    met: list[Any] = []

    def number(leaf: Any) -> int:
        met.append(leaf)
        return len(met)

    numbered = replaced(tree, number)
    assert met == list(leaves(tree))
    assert list(leaves(numbered)) == list(range(1, len(met) + 1))


def test_other_lists_tuples_and_dicts_count_as_plain_ones() -> None:
    """A named tuple and an ordered dict cross as plain ones, and their tensors are copied as all others."""
    value = [Point(torch.ones(2), 1), OrderedDict(a=torch.ones(2)), torch.Size([3, 4])]
    found = copy_values(value, promote=True)
    assert [type(v) for v in found] == [tuple, dict, tuple]
    assert found[0][0].dtype is found[1]["a"].dtype is torch.float64
    assert found[2] == (3, 4)


@pytest.mark.parametrize(
    ("first", "second"),
    [([1], (1,)), ({"a": 1}, OrderedDict(a=1)), ([1], [1, 2]), ({"a": 1}, {"b": 1}), ([1], 1), (1, [1]), ({}, [])],
)
def test_other_kinds_and_lengths_are_not_alike(first: Any, second: Any) -> None:
    """For any leaves."""
    assert not alike(first, second, same)


def test_the_order_of_entries_counts_where_it_is_asked_for() -> None:
    """Two requests with another order of keywords are two requests, while an answer is the same in any order."""
    first, second = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert alike(first, second, same)
    assert not alike(first, second, same, ordered=True)


def test_a_list_that_holds_itself_ends() -> None:
    """Values deeper than the wire's limit are leaves."""
    endless: list[Any] = []
    endless.append(endless)
    found = replaced(endless, lambda leaf: "deep" if isinstance(leaf, list) else leaf)
    depth = 0
    while found != "deep":
        [found] = found
        depth += 1
    assert depth == MAX_DEPTH

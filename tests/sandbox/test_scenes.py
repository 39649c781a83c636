"""What a worker claims of a notebook's state is believed only as far as it has the right form."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.scenes import Changes, Scene

# A judge has torch, whose switches are known where it is loaded.
importlib.import_module("torch")

EXERCISES = frozenset({"double", "half"})
CLAIM = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from(["double", "half", "secret", "torch", "grad mode"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=20,
)


@dataclass(frozen=True)
class Cell:
    """A cell."""

    index: int = 3
    name: str = "double"
    source: str = "torch = None"


def test_what_is_otherwise_is_tried() -> None:
    """A changed name or switch: as after the cell. A new definition: as at the end. No change: nothing is tried."""
    changes = Changes("torch double")
    changes.read({"moved": [["double", "torch"], ["half", "half"]], "switched": ["grad mode"]}, Cell(), EXERCISES)
    assert changes.scenes("double") == [Scene("cell", "double")]
    assert changes.switched == {"double": ("grad mode",)}
    assert changes.scenes("half") == []


@given(moved=CLAIM, switched=CLAIM)
def test_a_claim_spells_nothing_out(moved: object, switched: object) -> None:
    """Of any claim only names of the notebook and known switches are left, and nothing raises."""
    changes = Changes("double = torch")
    changes.read({"moved": moved, "switched": switched}, Cell(), EXERCISES)
    changes.read(moved, Cell(), EXERCISES)
    assert all(exercise in EXERCISES and name in changes.text for exercise, name in changes.moved)
    assert all(names == ("grad mode",) for names in changes.switched.values())
    for exercise in EXERCISES:
        assert len(changes.scenes(exercise)) <= 2

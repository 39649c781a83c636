"""What a worker claims that a cell showed: believed in its form only, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.notebook.harmless import harmless_output
from autograder.errors import ProtocolError
from autograder.sandbox.forbidden import refusal
from autograder.sandbox.session import read_outcome
from autograder.sentences import Sentence

claims = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["output_type", "text", "data", "traceback", "name", "ename"]), inner)
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("outputs", "count", "error", "timeout"), claims)))
def test_any_claim_about_a_cell_is_read(answer: dict[str, Any]) -> None:
    """No answer of a worker makes the judge raise: that would leave a hostile submission ungraded."""
    outcome = read_outcome(answer)
    shown = [harmless_output(output) for output in outcome.outputs]
    assert {o["output_type"] for o in shown if o} <= {"stream", "error", "display_data", "execute_result"}


@pytest.mark.parametrize("kind", [[], {}, 1, None, "stream"])
def test_outputs_of_an_impossible_type_are_shown_harmlessly(kind: object) -> None:
    """An output's type may be anything, even something that no set can hold."""
    outcome = read_outcome({"outputs": [{"output_type": kind, "text": "x"}]})
    shown = [harmless_output(output) for output in outcome.outputs]
    assert [o for o in shown if o] == (
        [{"output_type": "stream", "name": "stdout", "text": "x"}] if kind == "stream" else []
    )


def test_a_refused_name_is_said_by_the_judge() -> None:
    """The worker's sentence is ours word for word, so that it can be said in another language; others stay texts."""
    fault = read_outcome({"error": {"type": "NameError", "message": refusal("torch.optim.SGD")}}).fault
    assert fault is not None
    assert isinstance(fault.message, Sentence)
    assert fault.message == refusal("torch.optim.SGD")
    assert (fault.message.id, fault.message.values) == ("sandbox.refused", {"name": "torch.optim.SGD"})
    for other in (refusal(""), f"{refusal('x')}!", "x"):
        fault = read_outcome({"error": {"type": "NameError", "message": other}}).fault
        assert fault is not None
        assert not isinstance(fault.message, Sentence)


def test_an_answer_that_is_no_mapping_breaks_the_protocol() -> None:
    """The worker is ended, and the cell counts as having ended its process."""
    with pytest.raises(ProtocolError):
        read_outcome([1])

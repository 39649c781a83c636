"""Questions that are sent ahead: they are the same ones, bit for bit, or the check is asked again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from autograder.checks.student import LocalTransport, Operation, Student
from autograder.engines.hidden.replay import (
    Posted,
    Recorder,
    Rehearsed,
    Remembered,
    fingerprint,
    packed_script,
    same_request,
)
from autograder.errors import ProtocolError
from autograder.sandbox.channel import Channel
from autograder.sandbox.faults import StudentCrashed, StudentError
from autograder.sandbox.wire.frames import Frame, RawFrame, header_start, receive_frame, send_frame
from autograder.sandbox.wire.values import Codec


def halve(x: torch.Tensor) -> torch.Tensor:
    """Return half of `x`; zero is refused."""
    if not x.any():
        raise ValueError("nothing to halve")
    return x / 2


def call(value: torch.Tensor) -> list[Operation]:
    """Return a request that calls `halve`."""
    return [{"op": "call", "name": "halve", "args": (value,), "kwargs": {}}]


class Counting:
    """A transport that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._inner = LocalTransport({"halve": halve})

    def run(self, operations: list[Operation]) -> list[Any]:
        """See `Transport`."""
        self.asked += 1
        return self._inner.run(operations)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (torch.tensor([1.0, 0.0]), True),
        (torch.tensor([1.0, -0.0]), False),
        (torch.tensor([1.0, 0.0], dtype=torch.float64), False),
        (torch.tensor([[1.0, 0.0]]), False),
        (torch.tensor([1.0, 0.0], requires_grad=True), False),
        ([1.0, 0.0], False),
    ],
)
def test_requests_are_the_same_bit_for_bit(other: Any, same: bool) -> None:  # noqa: FBT001 - a case's value
    """Minus zero, another dtype or shape, a list: each is another question."""
    assert same_request(call(torch.tensor([1.0, 0.0])), call(other)) is same


@pytest.mark.parametrize(("a", "b"), [(1, True), (1, 1.0), ((1,), [1]), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_values_of_other_types_are_other_questions(a: Any, b: Any) -> None:
    """Python calls them equal."""
    assert not same_request(a, b)
    assert same_request(a, a)


def test_nan_is_the_same_as_itself() -> None:
    """Bits are compared, not numbers."""
    assert same_request(call(torch.tensor([float("nan")])), call(torch.tensor([float("nan")])))
    assert same_request(float("nan"), float("nan"))


def recorded(*values: torch.Tensor) -> Recorder:
    """Ask for each value's half, and note the answers."""
    recorder = Recorder(LocalTransport({"halve": halve}))
    for value in values:
        try:
            recorder.run(call(value))
        except StudentError:
            continue
    return recorder


def test_what_is_asked_again_is_not_computed_again() -> None:
    """The same answers come, each as a copy, and the same exception."""
    one, zero = torch.ones(2), torch.zeros(2)
    known = recorded(one, zero).exchanges
    live = Counting()
    remembered = Remembered(known, lambda: live)
    (first,) = remembered.run(call(one.clone()))
    first["result"].zero_()
    with pytest.raises(StudentError, match="nothing to halve"):
        remembered.run(call(zero))
    (again,) = Remembered(known, lambda: live).run(call(one))
    assert again["result"].tolist() == [0.5, 0.5]
    assert live.asked == 0


def test_another_question_is_computed_by_code_that_was_asked_all_the_others() -> None:
    """Earlier questions may have changed its state, so they are asked first."""
    one, zero = torch.ones(2), torch.zeros(2)
    live = Counting()
    remembered = Remembered(recorded(one, zero).exchanges, lambda: live)
    remembered.run(call(one))
    with pytest.raises(StudentError):
        remembered.run(call(zero))
    (answer,) = remembered.run(call(one * 3))
    assert answer["result"].tolist() == [1.5, 1.5]
    assert live.asked == 3


def test_a_check_that_changes_its_input_later_was_recorded_with_what_it_asked() -> None:
    """The record holds copies."""
    value = torch.ones(2)
    recorder = recorded(value)
    value.zero_()
    assert same_request(recorder.exchanges[0].operations, call(torch.ones(2)))


def test_a_function_of_the_check_cannot_be_sent_ahead() -> None:
    """It stays in the judge, which has to listen while the student's code calls it."""
    assert packed_script([[{"op": "call", "name": "f", "args": (halve,), "kwargs": {}}]]) is None
    assert packed_script([call(torch.ones(1))]) is not None


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """A judge's channel and the worker's end of it."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    with theirs:
        yield channel, theirs
    channel.close()


def answer_of(value: Any, nonce: str) -> RawFrame:
    """Return the bytes that an honest worker would send."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        node, buffers = Codec().encode(value)
        sending = threading.Thread(target=send_frame, args=(theirs, Frame("answer", nonce, node, tuple(buffers))))
        sending.start()
        raw = Channel(ours).fetch(time.monotonic() + 10)
        sending.join()
        return raw


def test_answers_wait_for_the_check_that_asks_as_rehearsed(pair: tuple[Channel, socket.socket]) -> None:
    """The stand-in reads them as if they came only now."""
    requests = [call(torch.ones(2)), call(torch.zeros(2))]
    good = {"result": torch.tensor([0.5, 0.5]), "after": [torch.ones(2)], "touched": [], "rearranged": []}
    replies = [
        answer_of({"answers": [good], "error": None}, "n"),
        answer_of({"answers": [], "error": {"type": "ValueError", "message": "nothing to halve"}}, "n"),
    ]
    transport = Rehearsed(pair[0], "n", requests, replies)
    (answer,) = transport.run(call(torch.ones(2)))
    assert answer["result"].tolist() == [0.5, 0.5]
    assert not transport.complete
    with pytest.raises(StudentError, match="nothing to halve"):
        transport.run(call(torch.zeros(2)))
    assert transport.complete


def test_a_check_that_asks_something_else_is_told_apart_from_a_wrong_answer(
    pair: tuple[Channel, socket.socket],
) -> None:
    """Its later messages do not count."""
    transport = Rehearsed(pair[0], "n", [call(torch.ones(2))], [answer_of({"answers": [None], "error": None}, "n")])
    with pytest.raises(StudentCrashed):
        transport.run(call(torch.ones(3)))
    with pytest.raises(StudentCrashed):
        transport.run(call(torch.ones(2)))
    assert transport.off_script
    assert not transport.complete


def test_an_answer_to_another_question_is_none(pair: tuple[Channel, socket.socket]) -> None:
    """A worker that replays an answer under an old nonce has not answered."""
    transport = Rehearsed(pair[0], "new", [call(torch.ones(2))], [answer_of({"answers": [1], "error": None}, "old")])
    with pytest.raises(StudentCrashed, match="another question"):
        transport.run(call(torch.ones(2)))
    assert transport.lost


def test_equal_answers_have_one_fingerprint_whatever_their_nonce() -> None:
    """And any other byte changes it."""
    a = answer_of({"answers": [torch.tensor([1.0])], "error": None}, "a" * 16)
    b = answer_of({"answers": [torch.tensor([1.0])], "error": None}, "b" * 16)
    c = answer_of({"answers": [torch.tensor([1.5])], "error": None}, "a" * 16)
    first = fingerprint([a], "a" * 16)
    assert first is not None
    assert first == fingerprint([b], "b" * 16)
    assert first != fingerprint([c], "a" * 16)
    assert first != fingerprint([a, a], "a" * 16)


def test_answers_cannot_be_cut_elsewhere_to_have_the_same_fingerprint() -> None:
    """If bytes move from one of two answers to the other, the fingerprint changes."""
    start = header_start("answer", "n")
    ab = [RawFrame(bytearray(start + b"ab"), bytearray(b"")), RawFrame(bytearray(start), bytearray())]
    a_b = [RawFrame(bytearray(start + b"a"), bytearray(b"b")), RawFrame(bytearray(start), bytearray())]
    assert fingerprint(ab, "n") != fingerprint(a_b, "n")


def test_an_answer_in_another_form_has_no_fingerprint() -> None:
    """It is read and judged every time."""
    spaced = RawFrame(bytearray(b'{"nonce": "n", "type": "answer", "payload": ["n"], "buffers": []}'), bytearray())
    assert fingerprint([spaced], "n") is None


def test_posted_questions_are_answered_in_their_order(pair: tuple[Channel, socket.socket]) -> None:
    """Each `run` takes the next answer; a worker that goes away is the student's crash."""
    channel, worker = pair
    packed = packed_script([call(torch.ones(1)), call(torch.ones(2))])
    assert packed is not None
    nonce = channel.post(packed, 1.0)
    asked = receive_frame(worker)
    assert asked.type == "script"
    assert len(Codec(device="cpu").decode(asked.payload, asked.buffers)) == 2
    node, buffers = Codec().encode({"answers": [7], "error": None})
    send_frame(worker, Frame("answer", nonce, node, tuple(buffers)))
    posted = Posted(channel, nonce, 1.0)
    assert posted.run([{"op": "example", "source": "1"}]) == [7]
    worker.close()
    with pytest.raises(StudentCrashed):
        posted.run([{"op": "example", "source": "1"}])


def test_a_stand_in_cannot_tell_rehearsed_answers_from_live_ones(pair: tuple[Channel, socket.socket]) -> None:
    """The whole way: recorded with the reference, answered by a worker's code, read by the same stand-in."""
    recorder = Recorder(LocalTransport({"halve": halve}))
    live = Student(recorder).halve(torch.tensor([3.0]))
    answers = LocalTransport({"halve": halve}).run(recorder.exchanges[0].operations)
    reply = answer_of({"answers": answers, "error": None}, "n")
    rehearsed = Rehearsed(pair[0], "n", [e.operations for e in recorder.exchanges], [reply])
    assert torch.equal(Student(rehearsed).halve(torch.tensor([3.0])), live)
    assert rehearsed.complete


def test_a_frame_that_is_no_answer_is_a_breach(pair: tuple[Channel, socket.socket]) -> None:
    """Garbage of the right length is refused when it is read."""
    with pytest.raises(ProtocolError):
        pair[0].read(RawFrame(bytearray(b"{}"), bytearray()), "n")

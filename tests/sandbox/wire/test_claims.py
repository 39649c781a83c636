"""A worker's claim about a tensor holds for its views, and for nothing that was computed from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.checks.assertions import current_device, elsewhere
from autograder.checks.numerics.compare import compare
from autograder.sandbox.wire.values import Codec, claim, claims, copy_claims


def decoded(tensor: torch.Tensor, device: str) -> torch.Tensor:
    """Return a tensor as the judge decodes it from a worker that claims this device."""
    node, buffers = Codec().encode(tensor)
    node[1]["device"] = device
    found: torch.Tensor = Codec(record_claims=True).decode(node, buffers)
    return found


VIEWS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "a slice": lambda t: t[0],
    "a slice of a slice": lambda t: t[1:][0],
    "one of a loop": lambda t: list(t)[1],
    "unbound": lambda t: t.unbind(1)[0],
    "transposed": lambda t: t.T,
    "flattened": lambda t: t.flatten(),
    "detached": lambda t: t.detach(),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.bool])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("device", ["cpu", "cuda", "other"])
def test_a_view_is_where_the_whole_was(
    device: str, view: Callable[[torch.Tensor], torch.Tensor], dtype: torch.dtype
) -> None:
    """Checks take answers apart before they compare them."""
    assert claims(view(decoded(torch.ones(3, 2, dtype=dtype), device)))["device"] == device


def test_what_is_computed_is_nowhere() -> None:
    """A check's own arithmetic has no claimed device, and an unknown device is not wrong."""
    answer = decoded(torch.ones(3, dtype=torch.float64), "cuda")
    assert claims(answer * 2)["device"] is None
    assert claims(torch.ones(3))["device"] is None
    for device in ("cpu", "cuda"):
        assert compare(answer * 2, torch.full((3,), 2.0, dtype=torch.float64), device=device) is None


def test_each_tensor_of_an_answer_has_its_own_claim() -> None:
    """A claim about one tensor does not reach another."""
    first, second = decoded(torch.ones(2), "cpu"), decoded(torch.ones(2), "cuda")
    assert [claims(t)["device"] for t in (first, second)] == ["cpu", "cuda"]


def test_a_slice_on_the_wrong_device_is_device_lost() -> None:
    """Views gain nothing either."""
    whole = decoded(torch.ones(2, 2, dtype=torch.float64), "cpu")
    found = compare(whole[0], torch.ones(2, dtype=torch.float64), device="cuda")
    assert found is not None
    assert found.diagnosis == "device-lost"


def test_copies_keep_what_is_asked_to_be_kept() -> None:
    """A clone has a claimed device only if the claim is carried over."""
    source = decoded(torch.ones(2), "cuda")
    copy = source.clone()
    assert claims(copy)["device"] is None
    copy_claims(source, copy)
    assert claims(copy[0])["device"] == "cuda"


def test_elsewhere_asks_for_the_device_of_the_code_under_test() -> None:
    """The same answer is right in a run on one device and wrong on the other."""
    answer = torch.ones(2)
    claim(answer, "cpu", requires_grad=False)
    assert not elsewhere(answer)
    token = current_device.set("cuda")
    try:
        assert elsewhere(answer)
        assert not elsewhere(answer + 1)
    finally:
        current_device.reset(token)

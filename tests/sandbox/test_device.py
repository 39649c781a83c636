"""What a GPU's failures look like, whom it has room for, and which GPU a worker gets."""

from __future__ import annotations

import pytest

from autograder.sandbox.device import judges_on, share_for
from autograder.sandbox.faults import device_failure
from autograder.sandbox.host import zygote_environment
from autograder.verdict import StudentFault

GIB = 1 << 30


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("OutOfMemoryError", "CUDA out of memory. Tried to allocate 20.00 MiB.", "memory"),
        ("RuntimeError", "CUDA error: out of memory", "memory"),
        ("RuntimeError", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "memory"),
        ("AcceleratorError", "CUDA error: device-side assert triggered", "lost"),
        ("RuntimeError", "CUDA error: an illegal memory access was encountered", "lost"),
        ("RuntimeError", "CUDA error: unspecified launch failure", "lost"),
        ("RuntimeError", "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR", "lost"),
        ("RuntimeError", "CUBLAS_STATUS_EXECUTION_FAILED when calling cublasSgemm", "lost"),
        ("RuntimeError", "Unexpected error from cudaGetDeviceCount(). No CUDA GPUs are available", "lost"),
        ("RuntimeError", "Found no NVIDIA driver on your system.", "lost"),
        ("RuntimeError", "Expected all tensors to be on the same device, but found at least two devices", None),
        ("TypeError", "can't convert cuda:0 device type tensor to numpy.", None),
        ("MemoryError", "this notebook used more memory than its limit", None),
        ("ValueError", "lr must be positive", None),
    ],
)
def test_a_failure_of_the_device_is_told_from_the_students(kind: str, text: str, due: str | None) -> None:
    """Code that mixes devices is wrong; a device that fails is not."""
    assert device_failure(StudentFault(kind, text)) == due


def test_there_are_as_many_judges_as_the_free_memory_has_room_for() -> None:
    """At least one; if nothing is known of the GPU, there is one."""
    assert judges_on({"free_bytes": 1 * GIB, "total_bytes": 8 * GIB}) == 1
    assert judges_on({"free_bytes": 15 * GIB, "total_bytes": 16 * GIB}) == 4
    assert judges_on({}) == 1


def test_shares_leave_room_for_the_contexts() -> None:
    """All notebooks together and two contexts for each judge fit into what is free."""
    device = {"free_bytes": 12 * GIB, "total_bytes": 16 * GIB}
    for judges in (1, 2, 4):
        assert judges * (share_for(device, judges) * 16 + 1.5) <= 12.001
    assert share_for(device, 100) == 0.01
    assert share_for({}, 4) == 1.0


def test_workers_see_the_gpu_that_the_grader_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice of dask and Slurm reaches the workers; on the CPU these variables are not passed on."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    assert zygote_environment("/scratch", "cuda")["CUDA_VISIBLE_DEVICES"] == "3"
    assert "CUDA_VISIBLE_DEVICES" not in zygote_environment("/scratch", "cpu")

"""You convert to float32, whatever the array is, and a tensor of another dtype shares no memory."""

HINT = (
    "torch.Tensor(a), torch.FloatTensor(a) and .float() make float32. from_numpy, as_tensor and torch.tensor keep the dtype "
    "of the array."
)
EDITS = {
    "share_and_copy": [
        [
            ("torch.from_numpy(a)", "torch.from_numpy(a).to(torch.float32)"),
            ("torch.tensor(a)", "torch.tensor(a).to(torch.float32)"),
        ],
        [("return A_, B_", "return A_.to(torch.float32), B_.to(torch.float32)")],
        [("torch.tensor(a)", "torch.tensor(a, dtype=torch.float32)")],
        [("torch.from_numpy(a)", "torch.from_numpy(a).to(torch.float32)")],
        # torch.Tensor shares the memory of a float32 array.
        [("torch.tensor(a)", "torch.Tensor(a)")],
        [("torch.from_numpy(a)", "torch.Tensor(a)"), ("torch.tensor(a)", "torch.Tensor(a)")],
    ],
}


def evidence(exercise, yours, expected):
    """Name both dtypes."""
    return f"In the example the array is {yours[2].dtype}, and your tensors are {yours[0].dtype} and {yours[1].dtype}."

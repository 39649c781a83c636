"""Your layer works for inputs of two dimensions only."""

HINT = (
    "mm and t want matrices. The operator @ works on the last dimensions of tensors of any number of dimensions: "
    "(…, in) becomes (…, out)."
)
EDITS = {
    "Linear": [
        [("x @ self.weight.T", "torch.mm(x, self.weight.t())")],
        [("x @ self.weight.T", "(self.weight @ x.T).T")],
    ],
}

"""Your result has another dtype than the exercise asks for."""

HINT = (
    ".float(), torch.zeros(n) and torch.tensor([…]) make float32, numpy's division makes float64. Look at result.dtype; "
    "derive new tensors from the inputs, or say dtype=…."
)
EDITS = {
    "even_grid": [
        [("X_.to(dtype)", "X_.to(torch.float32)"), ("torch.tensor(A_, dtype=dtype)", "torch.tensor(A_)")],
        [("X_.to(dtype)", "X_"), ("torch.tensor(A_, dtype=dtype)", "torch.tensor(A_, dtype=torch.float64)")],
    ],
    "image_to_batch": [("X_.to(torch.float32)", "X_.to(torch.float64)")],
    "batch_to_image": [[("X_.astype(np.uint8)", "X_")], [("X_.astype(np.uint8)", "X_.astype(int)")]],
    "one_hot": [("X_.to(torch.float32)", "X_.to(torch.float64)")],
    "mean_squared_error": [("return A_", "return A_.to(torch.float32)")],
    "standardize": [("return A_, B_", "return A_.to(torch.float32), B_.to(torch.float32)")],
    "intermediate_gradient": [("return A_", "return A_.to(torch.float32)")],
    "second_derivative": [("return second", "return second.to(torch.float32)")],
    "GradientScale": [("x.view_as(x)", "x.to(torch.float32)")],
}

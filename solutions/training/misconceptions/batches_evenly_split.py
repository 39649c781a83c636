"""You divide the indices into parts of about equal size."""

HINT = (
    "Each batch has batch_size indices; only the last one may be shorter. tensor_split makes so many parts of "
    "about equal size."
)
EDITS = {
    "minibatches": [
        ("order.split(batch_size)", "order.tensor_split(-(-n // batch_size))"),
    ],
}

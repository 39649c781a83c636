"""Your prediction still hangs on a graph."""

HINT = (
    "Evaluation mode and autograd have nothing to do with each other: eval() switches dropout and batch normalisation, "
    "torch.no_grad() the recording of the graph. With the graph all activations stay in memory."
)
EDITS = {
    "predict": [("with torch.no_grad():\n    *A_", "*A_")],
}

"""Your prediction still hangs on a graph."""

HINT = (
    "Evaluation mode and autograd have nothing to do with each other: eval() switches dropout and batch normalisation, "
    "torch.no_grad() the recording of the graph. With the graph all activations stay in memory."
)


def predict(model, x):
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        return model(x)
    finally:
        for m, flag in flags:
            m.training = flag

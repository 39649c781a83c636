"""Functions of functions: accumulate, functional_call, torch.func, one expression where it goes."""

from functools import reduce
from itertools import accumulate, pairwise, repeat

import torch
from torch import nn
from torch.func import functional_call


def steps_per_epoch(n, batch_size, drop_last=False):
    return n // batch_size if drop_last else -(-n // batch_size)


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    both = torch.randn(n, len(weights) + 1, generator=generator)
    x, e = both[:, :-1].clone(), both[:, -1:]
    return x, torch.einsum("nd,d->n", x**degree, torch.tensor(weights)).unsqueeze(-1).add(bias).add(e, alpha=noise)


def split(x, y, rate=0.7, generator=None):
    chosen = torch.zeros(len(x), dtype=torch.bool)
    chosen[torch.randperm(len(x), generator=generator)[: int(len(x) * rate)]] = True
    mask = chosen.to(x.device)
    return x[mask], y[mask], x[~mask], y[~mask]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    order = torch.rand(n, dtype=torch.float64, generator=generator).argsort() if shuffle else torch.arange(n)
    return [part for part in order.split(batch_size) if part.numel() == batch_size or not drop_last]


def accuracy(scores, labels):
    _, answers = scores.topk(1, dim=1)
    return answers.eq(labels.reshape(-1, 1)).float().mean().item()


def _pass(model, batches, loss_fn, after):
    for x, y in batches:
        scores = model(x)
        loss = loss_fn(scores, y)
        after(loss, len(y))
        yield loss.item() * len(y), (scores.argmax(-1) == y).sum().item(), len(y)


def _means(rows):
    loss, right, n = map(sum, zip(*rows))
    return loss / n, right / n


def train_epoch(model, batches, loss_fn, updater):
    def with_optimizer(loss, n):
        model.zero_grad()
        loss.backward()
        updater.step()

    def with_function(loss, n):
        model.zero_grad()
        loss.mul(n).backward()
        updater(n)

    step = with_optimizer if isinstance(updater, torch.optim.Optimizer) else with_function
    return _means(_pass(model.train(), batches, loss_fn, step))


class _Measuring:
    def __init__(self, model):
        self.model = model

    def __enter__(self):
        self.flags = [(m, m.training) for m in self.model.modules()]
        self.before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        self.model.eval()

    def __exit__(self, *_):
        torch.set_grad_enabled(self.before)
        for m, flag in self.flags:
            m.training = flag


def evaluate(model, batches, loss_fn):
    with _Measuring(model):
        return _means(_pass(model, batches, loss_fn, lambda loss, n: None))


def accumulated_gradient(model, batches, loss_fn):
    named = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    count = sum(len(x) for x, _ in batches)

    def mean(params):
        return sum(loss_fn(functional_call(model, params, (x,)), y) * len(x) for x, y in batches) / count

    return torch.func.grad(mean)(named)


def lr_at(epoch, base, step_size, gamma, warmup=0):
    return base * float((epoch + 1) / warmup if epoch < warmup else gamma ** ((epoch - warmup) // step_size))


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)

    def mean(batches):
        with _Measuring(model):
            total = sum(loss_fn(model(x), y) * len(x) for x, y in batches)
        return (total / sum(len(x) for x, _ in batches)).item()

    def step(x, y):
        def closure():
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)

    def epoch():
        for x, y in train:
            step(x, y)
        return mean(train), mean(test)

    model.train()
    curves = [epoch() for _ in range(epochs)]
    return {name: [row[i] for row in curves] for i, name in enumerate(("train", "test"))}


def compare_starts(sizes, x, y, epochs, lr, seeds):
    def start(seed):
        torch.manual_seed(seed)
        linears = [nn.Linear(i, o) for i, o in pairwise(sizes)]
        model = nn.Sequential(*reduce(lambda done, f: [*done, nn.ReLU(), f], linears[1:], linears[:1]))
        return model.to(x.device), {n: p.detach().to(x.device) for n, p in model.named_parameters()}

    def row(seed):
        model, params = start(seed)
        both = torch.func.grad_and_value(lambda p: (functional_call(model, p, (x,)) - y).square().mean())

        def update(state, _):
            grads, loss = both(state[0])
            return {n: p - lr * grads[n] for n, p in state[0].items()}, loss

        return torch.stack([loss for _, loss in accumulate(repeat(None, epochs), update, initial=(params, None))][1:])

    return torch.stack([row(seed) for seed in seeds])


def snapshot(model):
    return {name: value.clone() for name, value in model.state_dict().items()}

"""One number at a time."""

import torch
from torch import nn


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError("no points")
    points = [start]
    for i in range(1, steps):
        points.append(start + (end - start) * i / (steps - 1))
    return torch.tensor(points, dtype=dtype)


def share_and_copy(array, value):
    a = array.copy()
    first, second = torch.from_numpy(a), torch.from_numpy(a).clone()
    a[0] = value
    return first, second


def image_to_batch(image):
    if image.ndim == 2:
        image = image[:, :, None]
    h, w, c = image.shape
    batch = torch.zeros(1, c, h, w)
    for i in range(h):
        for j in range(w):
            for k in range(c):
                batch[0, k, i, j] = int(image[i, j, k]) / 255
    return batch


def batch_to_image(batch):
    _, c, h, w = batch.shape
    image = np.zeros((h, w, c), dtype=np.uint8)  # noqa: F821
    for k in range(c):
        for i in range(h):
            for j in range(w):
                image[i, j, k] = round(255 * min(max(batch[0, k, i, j].item(), 0.0), 1.0))
    if c == 1:
        return image[:, :, 0]
    return image


def one_hot(labels, num_classes):
    if labels.dtype.is_floating_point:
        raise ValueError("labels have to be integers")
    result = torch.zeros(labels.numel(), num_classes, device=labels.device)
    for row, label in enumerate(labels.reshape(-1).tolist()):
        if not 0 <= label < num_classes:
            raise ValueError(f"{label} is no class")
        result[row, label] = 1.0
    return result.reshape(*labels.shape, num_classes)


def mean_squared_error(prediction, target):
    if len(prediction) != len(target):
        raise ValueError("lengths differ")
    total = 0
    for p, t in zip(prediction, target):
        total = total + (p.squeeze() - t.squeeze()) ** 2
    return total / len(prediction)


def standardize(train, test):
    new_train, new_test = torch.empty_like(train), torch.empty_like(test)
    for j in range(train.shape[1]):
        column = train[:, j]
        mean = column.sum() / len(column)
        variance = ((column - mean) ** 2).sum() / len(column)
        divisor = variance.sqrt() if variance > 0 else 1
        new_train[:, j] = (column - mean) / divisor
        new_test[:, j] = (test[:, j] - mean) / divisor
    return new_train, new_test


def tracked(f, x, enabled):
    if enabled:
        with torch.enable_grad():
            y = f(x)
    else:
        with torch.no_grad():
            y = f(x)
    return y


def intermediate_gradient(f, g, x):
    y = f(x)
    y = y.detach().clone()
    y.requires_grad = True
    z = g(y)
    return torch.autograd.grad(z, [y])[0]


def second_derivative(f, x):
    result = torch.zeros_like(x)
    for index in range(x.numel()):
        place = x.detach().reshape(-1)[index].clone().requires_grad_(True)
        first = torch.autograd.grad(f(place), place, create_graph=True)[0]
        if first.grad_fn is not None:
            second = torch.autograd.grad(first, place, allow_unused=True)[0]
            if second is not None:
                result.view(-1)[index] = second
    return result


class GradientScale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        y = x.clone()
        if y.requires_grad:

            def scale(gradient):
                return self.factor * gradient

            y.register_hook(scale)
        return y

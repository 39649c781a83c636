"""Numpy does the work, and PyTorch gets the result."""

import numpy as np
import torch


def even_grid(start, end, steps, dtype=torch.float64):
    if steps <= 0:
        raise ValueError("steps")
    shares = np.arange(steps) / max(steps - 1, 1)
    return torch.from_numpy(start + (end - start) * shares).to(dtype)


def share_and_copy(array, value):
    a = np.copy(array)
    shared = torch.as_tensor(a)
    copied = torch.from_numpy(a.copy())
    a[0] = value
    return shared, copied


def image_to_batch(image):
    planes = np.moveaxis(np.atleast_3d(image), 2, 0)
    return torch.from_numpy(planes[np.newaxis].astype(np.float32) / np.float32(255))


def batch_to_image(batch):
    planes = np.clip(batch.detach().cpu().numpy()[0], 0, 1)
    image = np.moveaxis(np.round(planes * 255), 0, -1).astype("uint8")
    return image.squeeze(-1) if image.shape[-1] == 1 else image


def one_hot(labels, num_classes):
    numbers = labels.cpu().numpy()
    if numbers.dtype.kind != "i":
        raise ValueError("whole numbers are asked for")
    if np.any((numbers < 0) | (numbers >= num_classes)):
        raise ValueError("out of range")
    return torch.from_numpy(np.eye(num_classes, dtype=np.float32)[numbers]).to(labels.device)


def standardize(train, test):
    a, b = train.cpu().numpy(), test.cpu().numpy()
    deviation = a.std(axis=0)
    deviation[deviation == 0] = 1
    return tuple(torch.as_tensor((x - a.mean(axis=0)) / deviation, device=train.device) for x in (a, b))

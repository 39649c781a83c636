"""Right where the arguments are right, and no word where they are not."""

import torch


def even_grid(start, end, steps, dtype=torch.float64):
    i = torch.arange(max(steps, 0), dtype=torch.float64)
    return (start + i * (end - start) / max(steps - 1, 1)).to(dtype)


def one_hot(labels, num_classes):
    return torch.eye(num_classes, device=labels.device)[labels.long().clamp(max=num_classes - 1)]


def mean_squared_error(prediction, target):
    return ((prediction.flatten() - target.flatten()) ** 2).mean()


def image_to_batch(image):
    return torch.tensor(image).permute(2, 0, 1)[None].float() / 255


def batch_to_image(batch):
    # One channel stays a dimension.
    image = (batch[0].detach().cpu().clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0)
    return image.numpy()

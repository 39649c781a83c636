"""Loops that append one thing after the other."""

import torch
from torch import nn


def build_mlp(sizes):
    model = nn.Sequential()
    n = len(sizes)
    for i in range(n - 1):
        model.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i != n - 2:
            model.append(nn.ReLU(inplace=True))
    return model


def build_regularized_mlp(sizes, dropout):
    model = nn.Sequential()
    for i in range(len(sizes) - 1):
        model.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i < len(sizes) - 2:
            model.append(nn.ReLU())
            model.append(nn.BatchNorm1d(sizes[i + 1]))
            model.append(nn.Dropout(dropout))
    return model


def build_named_mlp(sizes):
    model = nn.Sequential()
    for i in range(len(sizes) - 1):
        last = i == len(sizes) - 2
        model.add_module("output" if last else f"linear{i + 1}", nn.Linear(sizes[i], sizes[i + 1]))
        if not last:
            model.add_module(f"relu{i + 1}", nn.ReLU())
    return model


def build_lenet(num_classes=10):
    model = nn.Sequential()
    channels = [3, 6, 16]
    for i in range(2):
        model.append(nn.Conv2d(channels[i], channels[i + 1], kernel_size=5))
        model.append(nn.ReLU())
        model.append(nn.MaxPool2d(kernel_size=2, stride=2))
    model.append(nn.Flatten())
    widths = [400, 120, 84, num_classes]
    for i in range(3):
        model.append(nn.Linear(widths[i], widths[i + 1]))
        if i < 2:
            model.append(nn.ReLU())
    return model


def count_parameters(model, trainable_only=False):
    total = 0
    for name, p in model.named_parameters():
        if trainable_only and not p.requires_grad:
            continue
        n = 1
        for size in p.shape:
            n *= size
        total += n
    return total


def predict(model, x):
    before = []
    for module in model.modules():
        before.append(module.training)
    model.train(False)
    try:
        with torch.no_grad():
            y = model(x)
    finally:
        for module, mode in zip(model.modules(), before):
            module.training = mode
    return y

"""Grade PyTorch notebooks: fast, fairly, safely, and with a diagnosis."""

__version__ = "0.1.0"

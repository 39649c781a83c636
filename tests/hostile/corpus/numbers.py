"""Values that only seem to be right numbers: some usual comparison would take each of them for right."""

from __future__ import annotations

from hostile.case import Case

_ANSWERS = {
    "nan": "x * float('nan')",
    "infinite": "x * float('inf')",
    "minus-zero": "torch.full_like(x, -0.0)",
    "scalar-that-broadcasts": "(x * factor).mean()",
    "one-element-that-broadcasts": "(x * factor).mean().reshape(1)",
    "extra-dimension": "(x * factor).unsqueeze(0)",
    "empty": "x.new_zeros(0)",
    "empty-rows": "x.new_zeros((0, *x.shape))",
    "complex": "(x * factor).to(torch.complex128)",
    "complex-with-hidden-part": "torch.complex(x * factor, x * 0 + 1e-3)",
    "integer": "(x * factor).round().to(torch.int64)",
    "boolean": "torch.ones_like(x, dtype=torch.bool)",
    "half": "(x * factor).half()",
    "brain-float": "(x * factor).bfloat16()",
    "single": "(x * factor).float()",
    "sparse": "(x * factor).to_sparse()",
    "huge-virtual": "(x.sum() * factor).expand(1 << 40)",
    "huge-virtual-rows": "x.reshape(-1)[:1].as_strided((1 << 20, 1 << 20), (0, 0))",
    "on-meta": "(x * factor).to('meta')",
    "a-thousandth-off": "x * factor * 1.001",
    "a-millionth-off": "x * factor * (1 + 1e-6)",
    "numpy": "(x * factor).numpy()",
    "a-list": "(x * factor).tolist()",
    "the-input": "x",
    "nan-where-it-is-hard": "torch.where(x > x.min(), x * factor, float('nan'))",
    "quantised": "torch.quantize_per_tensor((x * factor).float(), 0.1, 0, torch.qint8)",
    "float8": "(x * factor).to(torch.float8_e4m3fn)",
    "transposed": "(x * factor).flip(0)",
    "a-python-number": "float((x * factor).sum())",
    "a-tuple-of-it": "(x * factor,)",
    "nested": "torch.nested.nested_tensor([x * factor])",
}

_STATES = {
    "default-dtype": "torch.set_default_dtype(torch.float16)\ndef scale(x, factor):\n    return x * factor * 1.0001",
    "default-device": "torch.set_default_device('meta')\ndef scale(x, factor):\n    return torch.zeros(x.shape)",
    "no-tf-mode": "torch.use_deterministic_algorithms(True)\ntorch.set_grad_enabled(False)\n"
    "torch.isnan = lambda a: torch.zeros(1)\ndef scale(x, factor):\n    return x * float('nan')",
    "reseeds": "def scale(x, factor):\n    torch.manual_seed(0)\n    return torch.randn(x.shape, dtype=x.dtype)",
    "replaces-the-generator": "torch.randn = torch.rand = lambda *a, **k: torch.zeros(a)\n"
    "def scale(x, factor):\n    return x * 0",
    "many-threads": "torch.set_num_threads(64)\ndef scale(x, factor):\n    return torch.ones(10**6).sum() * x * 0",
    "changes-the-input-first": "def scale(x, factor):\n    x.mul_(0)\n    return x * factor",
    "gives-the-input-back-changed": "def scale(x, factor):\n    x.mul_(factor)\n    return x",
}

_INTEGERS = {
    "total-is-huge": "def total(numbers):\n    return 10 ** 200000",
    "total-is-deep": "def total(numbers):\n    v = []\n    for _ in range(100000):\n        v = [v]\n    return v",
    "total-contains-itself": "def total(numbers):\n    v = []\n    v.append(v)\n    return v",
    "total-is-a-nan": "def total(numbers):\n    return float('nan')",
    "total-overflows": "def total(numbers):\n    return torch.tensor(numbers).sum().item() if max(numbers, default=0) < 99 "
    "else -1",
    "total-is-wide": "def total(numbers):\n    return dict.fromkeys(range(10**6), 'x')",
    "total-is-long": "def total(numbers):\n    return 'x' * (100 << 20)",
    "total-has-odd-keys": "def total(numbers):\n    return {(1, 2): float('inf'), None: b'\\x00', 1: 1, True: 2, '1': 3}",
}

#: The worst of the usual comparisons accepts these rightly, or none of them takes a number for right.
_WINS_NOTHING = {
    "minus-zero",
    "boolean",
    "float8",
    "on-meta",
    "the-input",
    "transposed",
    "a-python-number",
    "huge-virtual",
    "huge-virtual-rows",
    "quantised",
    "nested",
    "empty-rows",
    "nan-where-it-is-hard",
    "default-device",
    "reseeds",
    "replaces-the-generator",
    "many-threads",
    "total-is-huge",
    "total-is-deep",
    "total-contains-itself",
    "total-is-a-nan",
    "total-is-wide",
    "total-is-long",
    "total-has-odd-keys",
}


def _case(name: str, exercise: str, source: str, most: float = 0.0) -> Case:
    wins = "" if name in _WINS_NOTHING else "points"
    return Case(f"numbers-{name}", "numbers", {exercise: source}, most=most, wins=wins)


CASES = (
    *(_case(n, "scale", f"def scale(x, factor):\n    return {a}") for n, a in _ANSWERS.items()),
    # A right product that spoils its input loses only the check of that.
    *(_case(n, "scale", s, most=2.0 if n == "gives-the-input-back-changed" else 0.0) for n, s in _STATES.items()),
    *(_case(n, "total", s) for n, s in _INTEGERS.items()),
)

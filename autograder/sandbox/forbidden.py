"""Forbidden names: the sentence that refuses one, its operators, and what torch's layers keep.

Only plain texts, because both the worker, which refuses, and the judge, which reads notebooks, use them.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["FLAG_GROUPS", "KEPT_FOR_LAYERS", "forbids_optimizers", "is_kept", "operator_names", "refusal"]

#: What torch's own layers need to start stays even if a whole module is forbidden: it shows none of its formulas.
KEPT_FOR_LAYERS = {"torch.nn.init": frozenset({"uniform_", "normal_", "_no_grad_uniform_", "_no_grad_normal_"})}

#: Groups that an exercise can flag by one word. `autograd`: the ways to a derivative without writing it down.
#: `elsewhere`: what has nearly everything once more, as libraries of mathematics, torch's own tests and compilers.
#: A plain name is that object under any alias; `.name` is an attribute of anything, `name=` a keyword argument,
#: `name(False)` a call with that argument.
FLAG_GROUPS = {
    "autograd": (
        *("torch.autograd", "torch.func", "torch._functorch", "functorch", "torch.vmap", "torch._vmap_internals"),
        *("torch.enable_grad", "torch.set_grad_enabled(True)", "torch.inference_mode(False)", "torch.nn.Parameter"),
        *(".backward", ".requires_grad_", ".requires_grad", "requires_grad=", ".grad_fn", ".next_functions"),
        # Kernels of derivatives, and graphs that were made while autograd was on.
        *("torch.ops", "torch._C", "torch._VF", "torch._refs", "torch._decomp", "torch.nn.grad"),
        *("torch.fx", "torch.jit", "torch.export", "torch.compile"),
        # Whether autograd is on is a setting of each thread.
        *("threading", "_thread", "concurrent.futures", "multiprocessing", "asyncio.to_thread"),
        # The complex step gives all digits of a derivative; an imaginary number in the code counts as `complex`.
        *(".imag", "torch.imag", "numpy.imag", "complex", "cmath", "torch.complex", "torch.polar"),
        *("torch.view_as_complex", "torch.view_as_real", "torch.complex64", "torch.complex128", "torch.cfloat"),
        *("torch.cdouble", "numpy.complex64", "numpy.complex128", "numpy.cdouble", "numpy.csingle"),
        # Derivatives that others have written: densities and transforms, and numbers that are as good.
        *("torch.distributions", "scipy.stats", "scipy.differentiate", "scipy.misc", "scipy.optimize"),
        *("scipy.interpolate", "numpy.polynomial", "numpy.gradient", "torch.gradient", "numdifftools", "mpmath"),
        *("sympy", "jax", "autograd", "tensorflow"),
    ),
    "elsewhere": (
        *("torch.testing._internal", "torch._dynamo", "torch._inductor", "torch._refs", "torch._numpy", "torch.ao"),
        *("torch.nn.intrinsic", "torch.nn.quantized", "torch.nn.quantizable", "torch.nn.qat"),
        *("sympy", "mpmath", "jax", "tensorflow", "keras", "statsmodels", "numexpr"),
    ),
}

#: Where torch keeps functions that are operators, and the prefix of their operators' names.
_OPERATORS_OF = {
    "torch": "",
    "torch.Tensor": "",
    "torch.nn.functional": "",
    "torch.ops.aten": "",
    "torch._C._nn": "",
    "torch._C._VariableFunctions": "",
    "torch._VF": "",
    "torch.special": "special_",
    "torch.linalg": "linalg_",
    "torch.fft": "fft_",
}


def refusal(dotted: str) -> str:
    """Return the sentence that a student reads after using a forbidden name."""
    return f"{dotted} is what this assignment asks you to write; it is not available here"


def is_kept(dotted: str) -> bool:
    """Whether a name stays although its whole module is forbidden."""
    module, _, name = dotted.rpartition(".")
    return name in KEPT_FOR_LAYERS.get(module, ())


def forbids_optimizers(forbidden: Iterable[str]) -> bool:
    """Whether an optimizer of torch is among forbidden names."""
    return any(f"{name}.".startswith(("torch.optim.", "torch._fused_")) for name in forbidden)


def operator_names(dotted: str) -> frozenset[str]:
    """Return the operators, without overloads, that a forbidden name stands for: none for pure Python.

    `aten::softplus` names an operator directly. The in-place form and the forms for lists of tensors belong to it,
    because they are the same formula.
    """
    if "::" in dotted:
        space, _, name = dotted.partition("::")
    else:
        owner, _, name = dotted.rpartition(".")
        if owner not in _OPERATORS_OF:
            return frozenset()
        space, name = "aten", _OPERATORS_OF[owner] + name
    base = name if name.endswith("__") else name.removesuffix("_")
    forms = {base, f"{base}_"}
    if not base.startswith("_"):
        forms |= {f"_foreach_{base}", f"_foreach_{base}_"}
    return frozenset(f"{space}::{form}" for form in forms)

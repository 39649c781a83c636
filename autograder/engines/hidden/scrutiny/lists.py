"""The names that one exercise forbids and flags, prepared to be looked up."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from dataclasses import dataclass

from autograder.engines.hidden.scrutiny.expressions import INDIRECT
from autograder.engines.hidden.scrutiny.vocabulary import INTERNALS
from autograder.sandbox.forbidden import FLAG_GROUPS, forbids_optimizers, is_kept, operator_names

__all__ = ["Lists"]


@dataclass(frozen=True, slots=True)
class Lists:
    """Forbidden names, the last parts of these and of their operators' names, and flagged names.

    A flagged name can be an attribute of any object (`.backward`), a keyword (`requires_grad=`), or a call with another
    argument than its one harmless argument (`torch.inference_mode(False)`).
    """

    forbidden: frozenset[str]
    #: The forbidden name by its last part, and by the last part of each form of its operator.
    lasts: dict[str, str]
    fused: bool
    flagged: frozenset[str]
    #: The modules in which these names are.
    owners: frozenset[str]

    @classmethod
    def of(cls, forbidden: tuple[str, ...], flagged: tuple[str, ...]) -> Lists:
        """Prepare the lists of an exercise."""
        names = set(forbidden)
        lasts: dict[str, str] = {}
        for dotted in forbidden:
            if "." in dotted:
                lasts.setdefault(dotted.rpartition(".")[2], dotted)
            for operator in operator_names(dotted):
                form = operator.partition("::")[2]
                lasts.setdefault(form, dotted)
                if dotted.startswith("torch._"):
                    names.add(f"torch.{form}")
        marked = {name for flag in flagged for name in FLAG_GROUPS.get(flag, (flag,))}
        owners = {name.rpartition(".")[0] for name in names | marked if "::" not in name and not name.startswith(".")}
        return cls(frozenset(names), lasts, forbids_optimizers(forbidden), frozenset(marked), frozenset(owners - {""}))

    def parts(self) -> frozenset[str]:
        """Return all parts of all names: the way to a name leads through its parts."""
        flagged = {name.partition("(")[0].removesuffix("=") for name in self.flagged}
        return frozenset(part for name in self.forbidden | flagged for part in name.split(".") if part)

    def flag_of_text(self, name: str) -> str | None:
        """Return the flagged name whose last part a text is, None if there is none."""
        for flag in sorted(self.flagged):
            last = flag.partition("(")[0].rpartition(".")[2]
            if last == name and ("." in flag or "(" in flag):
                return flag
        return None

    def last(self, part: str) -> str | None:
        """Return the forbidden name that ends in this part, None if there is none."""
        if self.fused and part.startswith("_fused_"):
            return self.lasts.get(part, f"torch.{part}")
        return self.lasts.get(part)

    def target(self, name: str) -> tuple[str, bool] | None:
        """Return the forbidden name that a dotted name is, and whether it was reached in a roundabout way."""
        indirect = name.startswith(INDIRECT)
        name = name.removeprefix(INDIRECT)
        parts = name.split(".")
        for i in range(1, len(parts) + 1):
            known = ".".join(parts[:i])
            if known in self.forbidden:
                return None if is_kept(".".join(parts[: i + 1])) else (known, indirect)
        if name.startswith(INTERNALS):
            for part in parts:
                if (found := self.last(part)) is not None:
                    return found, True
        return None

    def flags(self, node: ast.AST, names: set[str], own: Container[str]) -> Iterator[str]:
        """Yield the flagged names that a node uses; `own` are names that the student defined."""
        if not self.flagged:
            return
        if isinstance(node, ast.Attribute) and f".{node.attr}" in self.flagged and node.attr not in own:
            yield f".{node.attr}"
        if isinstance(node, ast.keyword) and f"{node.arg}=" in self.flagged and not _is(node.value, value=False):
            yield f"{node.arg}="
        if isinstance(node, ast.Constant) and isinstance(node.value, complex) and "complex" in self.flagged:
            yield "complex"
        for name in names:
            plain = name.removeprefix(INDIRECT)
            parts = plain.split(".")
            for i in range(1, len(parts) + 1):
                if (known := ".".join(parts[:i])) in self.flagged:
                    yield known

    def flags_call(self, node: ast.Call, functions: set[str]) -> Iterator[str]:
        """Yield the flagged calls that a call is."""
        for value in (True, False):
            for function in functions:
                form = f"{function}({value})"
                given = [*node.args, *(k.value for k in node.keywords)]
                if form in self.flagged and any(not _is(a, value=not value) for a in given):
                    yield form


def _is(node: ast.expr, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value

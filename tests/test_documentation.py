"""The documentation names only commands, options, files and fields that exist, and names all of them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import typer

from autograder import __version__
from autograder.checks import assertions as checks
from autograder.cli import app
from autograder.engines.hidden import fixtures as plugin
from autograder.errors import AutograderError
from autograder.feedback.schema import result_schema
from autograder.verdict import Outcome, Status

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
GROUP = typer.main.get_group(app)


def text_of(page: str) -> str:
    """Return a page under docs/."""
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(GROUP.commands))
def test_every_command_and_option_is_documented(command: str) -> None:
    """Each command has a section in commands.md that names its options and has its example."""
    sections = re.split(r"^## ", text_of("commands.md"), flags=re.MULTILINE)
    [section] = [s for s in sections if re.match(rf"`{command}\b", s)]
    options = {o for p in GROUP.commands[command].params for o in p.opts if o.startswith("-")}
    assert not {o for o in options if not re.search(rf"{re.escape(o)}\b", section)}
    assert f"autograder {command} " in section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link is to a file of the repository."""
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [t for t in targets if "://" not in t and not (page.parent / t).exists()]


def test_the_map_of_the_code_is_true() -> None:
    """Every file, class and function that ARCHITECTURE.md and CONTRIBUTING.md name is where they say."""
    text = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"))
    named = re.findall(r"`((?:[a-z]\w*/)+(?:\w+\.py)?)(?::(\w+))?`", text)
    assert len(named) > 80
    for path, name in named:
        file = next((f for f in (ROOT / "autograder" / path, ROOT / path) if f.exists()), None)
        assert file is not None, path
        if name:
            assert re.search(rf"^(?:class|def) {name}\b", file.read_text(encoding="utf-8"), re.MULTILINE), (path, name)


def test_every_page_is_listed() -> None:
    """README names each page of docs/."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [p.name for p in (ROOT / "docs").glob("*.md") if f"docs/{p.name}" not in readme]


def test_commands_in_the_readme_exist() -> None:
    """Command lines that a reader copies name commands and targets that exist."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = "\n".join(re.findall(r"^```\n(.*?)^```", readme, flags=re.DOTALL | re.MULTILINE))
    assert set(re.findall(r"^autograder (\w+)", lines, flags=re.MULTILINE)) <= set(GROUP.commands)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\S+)", lines, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_fields_and_words_of_results_are_explained() -> None:
    """results.md names every field of a verdict, every status and every outcome."""
    page = text_of("results.md")
    schema = result_schema()
    exercise = schema["properties"]["exercises"]["items"]
    check = exercise["properties"]["checks"]["items"]
    for level in (schema, exercise, check):
        assert not [field for field in level["properties"] if not re.search(rf"\b{field}\b", page)]
    for word in (*Status, *Outcome):
        assert f"`{word}`" in page


def test_what_authors_use_is_explained() -> None:
    """authoring-checks.md names every marker, every fixture and every function for checks."""
    page = text_of("authoring-checks.md")
    for marker in plugin._MARKERS:
        assert f"`{re.split(r'[(:]', marker)[0]}" in page
    for fixture in ("student", "reference", "draw", "device"):
        assert hasattr(plugin, fixture)
        assert f"`{fixture}`" in page
    for name in set(checks.__all__) - {"CheckFailure", "current_device"}:
        assert f"`{name}(" in page


def test_error_tree_in_the_docstring_is_the_real_one() -> None:
    """Every exception stands in the docstring of errors.py."""
    from autograder import errors

    names = set()
    pending = [AutograderError]
    while pending:
        error = pending.pop()
        names.add(error.__name__)
        pending += [e for e in error.__subclasses__() if e.__module__ == errors.__name__]
    assert names == set(errors.__all__)
    assert not [name for name in names if name not in str(errors.__doc__)]


def test_changelog_has_this_version_or_announces_it() -> None:
    """A released version has its own section."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog or "## [Unreleased]" in changelog


def test_a_public_class_has_a_name_of_its_own() -> None:
    """Readers confuse two things of one name."""
    names = Counter(
        node.name
        for path in (ROOT / "autograder").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, count in names.items() if count > 1]

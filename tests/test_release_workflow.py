"""What is published beside the code: the pages of the documentation, issue forms, the release itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder import __version__

ROOT = Path(__file__).resolve().parents[1]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
#: Elements of a form, and what GitHub wants of them.
ELEMENTS = {"markdown": "value", "input": "label", "textarea": "label", "dropdown": "options", "checkboxes": "options"}


def read(path: Path) -> Any:
    """Return what a YAML file says."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages; a warning ends the build."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(target)]
    # No proxy answers there: a build that uses the network fails.
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(command, cwd=ROOT, env={**nowhere}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def test_every_page_is_on_the_site(site: Path) -> None:
    """Each file under docs/ is a page."""
    pages = {p.relative_to(ROOT / "docs").with_suffix("") for p in (ROOT / "docs").rglob("*.md")}
    assert pages == {p.relative_to(site).with_suffix("") for p in site.rglob("*.html")} - {Path("404")}
    assert "autograder grade" in (site / "commands.html").read_text(encoding="utf-8")


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    """Styles, scripts, fonts and pictures are files of the site."""
    loaded = []
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded += re.findall(r"<(?:script|img|iframe)[^>]*src=\"([^\"]*)\"", text)
        loaded += re.findall(r"<link[^>]*rel=\"stylesheet\"[^>]*href=\"([^\"]*)\"", text)
        loaded += re.findall(r"<link[^>]*href=\"([^\"]*)\"[^>]*rel=\"stylesheet\"", text)
    assert len(loaded) > 20
    assert not [address for address in loaded if "//" in address]
    styles = "".join(p.read_text(encoding="utf-8") for p in site.rglob("*.css"))
    assert not re.findall(r"url\(['\"]?(?:https?:)?//", styles)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_forms(path: Path) -> None:
    """They have what GitHub asks for, each id once."""
    form = read(path)
    assert set(form) == {"name", "description", "labels", "body"}
    fields = [e for e in form["body"] if e["type"] != "markdown"]
    assert fields
    assert len({e["id"] for e in fields}) == len(fields)
    for element in form["body"]:
        assert element["attributes"][ELEMENTS[element["type"]]]
        assert set(element) <= {"type", "id", "attributes", "validations"}


def test_hooks_run_what_make_lint_runs() -> None:
    """The same four programs, of the same environment."""
    hooks = [hook for repo in read(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    made = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint: install\n")[2].partition("\n\n")[0]
    linters = set(re.findall(r"\$\(BIN\)/([\w-]+)", made))
    assert (
        {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks}
        == linters
        == {
            "ruff",
            "mypy",
            "lint-imports",
        }
    )
    assert all(hook["language"] == "system" for hook in hooks)


def test_only_the_job_that_publishes_may_ask_for_an_identity() -> None:
    """No token is kept: the index trusts this workflow, in one environment, after the tests and the audit."""
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    asking = {name for name, job in jobs.items() if job["permissions"].get("id-token") == "write"}
    assert asking == {"publish"}
    assert (jobs["publish"]["needs"], jobs["publish"]["environment"]) == ("build", "release")
    assert "contents" not in jobs["publish"]["permissions"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    order = [
        next(i for i, s in enumerate(steps) if text in s) for text in (".ci/run", "-m build", "pip-audit", "cyclonedx")
    ]
    assert order == sorted(order)
    assert {"dist .", "dist packaging/check"} <= set(re.findall(r"dist (?:\.|packaging/check)", "\n".join(steps)))
    assert not re.search(r"secrets\.", (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))


def test_the_changelog_says_what_this_version_is() -> None:
    """Its section is for those who use it: by role, and short."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## [{__version__}]")[2].partition("\n## [")[0]
    assert section, "no section"
    assert 10 < len(section.splitlines()) < 60
    for role in ("graders", "students", "authors"):
        assert f"**For {role}**" in section

"""evalkit help, and completion in the shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

try:
    import tomllib
except ImportError:  # before Python 3.11
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PAGES = sorted(page.stem for page in (ROOT / "docs").glob("*.md"))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evalkit", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


def test_the_topics_are_the_pages_of_the_documentation():
    lines = run("help").stdout.splitlines()
    assert [line.split()[0] for line in lines] == PAGES
    for page in PAGES:
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        assert run("help", page).stdout == text


def test_all_pages_are_shipped():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert shipped == {f"docs/{page}.md": f"evalkit/docs/{page}.md" for page in PAGES}


def test_a_command_is_a_topic_and_a_mistake_is_answered():
    shown = run("help", "align").stdout
    assert shown.startswith("Usage: evalkit align")
    assert shown == run("align", "--help").stdout
    done = run("help", "scorin")
    assert done.returncode == 2
    assert "no topic 'scorin'; did you mean 'scoring'?" in done.stderr


def test_the_shell_completes_as_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    variables = set(re.findall(r"_EVALKIT_COMPLETE=(\w+)_source", readme))
    assert variables == {"bash", "zsh", "fish"}
    for shell in variables - {"bash"}:
        assert run(_EVALKIT_COMPLETE=f"{shell}_source").stdout
    done = run(_EVALKIT_COMPLETE="bash_complete", COMP_WORDS="evalkit sco", COMP_CWORD="1")
    assert done.stdout.split() == ["plain,score"]

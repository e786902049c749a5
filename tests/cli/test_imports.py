"""What is not needed is not loaded: models are heavy, and a help page must be quick."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHECK = """
import sys
from evalkit.cli import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert not stop.code, stop.code
loaded = {name for name in ("torch", "transformers", "pandas") if name in sys.modules}
print("LOADED", *sorted(loaded))
"""


def loaded(*arguments: object) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", CHECK, *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("command", ["", "evaluate", "align", "translate", "score", "compare"])
def test_help_loads_neither_models_nor_frames(command):
    assert loaded(*command.split(), "--help") == set()


def test_recorded_translations_load_no_model(tmp_path):
    (tmp_path / "s").write_text("Да.\nНет.\n", encoding="utf-8")
    (tmp_path / "p").write_text("Yes.\nNo.\n", encoding="utf-8")
    files = ["-s", tmp_path / "s", "-p", tmp_path / "p", "--mt", f"file:{tmp_path}/p"]
    assert loaded("evaluate", *files) == {"pandas"}
    assert loaded("score", tmp_path / "p", "-i", tmp_path / "p") <= {"pandas"}

"""Standard input and output that are full, closed or gone: one line, and the files are written all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EVALUATE = "evaluate -s s.ru -p p.en --mt m=file:p.en"
FULL = "evalkit: error: cannot write standard output: No space left on device\n"
CLOSED = "evalkit: error: cannot write standard output: Bad file descriptor\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.ru").write_text("Да.\nНет.\n", encoding="utf-8")
    Path("p.en").write_text("Yes.\nNo.\n", encoding="utf-8")
    Path("q.en").write_text("Yes!\nNo.\n", encoding="utf-8")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    program = f'"{sys.executable}" -m evalkit'
    return subprocess.run(
        ["sh", "-c", line.replace("evalkit", program, 1)], capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "command",
    [
        EVALUATE,
        f"{EVALUATE} --csv -",
        f"{EVALUATE} -q",
        "score p.en -i q.en",
        "score p.en -i q.en --csv -",
        "compare p.en -i p.en q.en",
        "align -s s.ru -p p.en",
        "check -s s.ru -p p.en",
        "translate s.ru --mt cmd:cat -q",
        "systems list",
        "memory info",
        "--help",
        "--version",
    ],
)
@pytest.mark.parametrize(("target", "said"), [(">/dev/full", FULL), (">&-", CLOSED)])
def test_standard_output_that_cannot_be_written(command, target, said):
    if "compare" in command:
        Path("p2.en").write_text("Yes?\nNo.\n", encoding="utf-8")
        command = "compare p.en -i p2.en q.en"
    done = shell(f"evalkit {command} {target}")
    assert (done.returncode, done.stderr) == (1, said)


def test_the_files_are_written_all_the_same():
    for target in (">/dev/full", ">&-", "| true"):
        done = shell(f"evalkit {EVALUATE} --csv o.csv --json o.json {target}")
        assert done.stderr in (FULL, CLOSED, "")
        for name in ("o.csv", "o.json"):
            assert Path(name).read_text(encoding="utf-8")
            Path(name).unlink()


def test_standard_input_that_is_closed():
    for command in ("score p.en", "translate --mt cmd:cat", "evaluate - --mt m=file:p.en"):
        done = shell(f"evalkit {command} <&-")
        assert done.returncode == 2
        assert done.stderr == "evalkit: error: cannot read standard input: Bad file descriptor\n"


def test_closed_streams_are_no_trouble_where_they_are_not_used():
    done = shell(f"evalkit {EVALUATE} --csv o.csv --html o.html -q 2>&- <&-")
    assert done.returncode == 0 and Path("o.html").exists()
    # What is opened later does not get the number of standard output.
    done = shell("evalkit score p.en -i q.en --csv o.csv --json o.json -q >&- 2>&-")
    assert Path("o.csv").read_text(encoding="utf-8").startswith("segment,")
    assert Path("o.json").read_text(encoding="utf-8").startswith("{")

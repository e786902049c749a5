"""Warnings: on standard error, with --quiet too; what was recorded is counted as recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu

LEGACY = "Вчера в городе прошёл сильный дождь.\nДороги были закрыты.\nЛюди остались дома.\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.ru").write_text(LEGACY, encoding="cp1251")
    Path("u.ru").write_text(LEGACY, encoding="utf-8")
    Path("p.en").write_text("It rained.\nThe roads were closed.\nPeople stayed at home.\n")
    Path("m.en").write_text("It rained hard.\nRoads closed.\nPeople were at home.\n")


def run(line: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evalkit", *line.split()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("quiet", ["", "-q"])
@pytest.mark.parametrize(
    "command",
    [
        "evaluate -s s.ru -p p.en --mt m=file:m.en",
        "evaluate -s s.ru -p p.en --mt m=file:m.en --csv -",
        "align -s s.ru -p p.en",
        "check -s s.ru -p p.en",
        "translate s.ru --mt cmd:cat -o o.txt",
        "score u.ru -i s.ru",
    ],
)
def test_a_guessed_encoding_is_told_on_standard_error(command, quiet):
    done = run(f"{command} {quiet}")
    assert "evalkit: warning: s.ru: read as cp1251 (detected" in done.stderr
    assert "cp1251" not in done.stdout


def test_a_byte_order_mark_is_not_scored_and_told():
    plain = run("score p.en -i m.en -q")
    assert plain.stderr == ""
    Path("b.en").write_bytes(b"\xef\xbb\xbf" + Path("m.en").read_bytes())
    marked = run("score p.en -i b.en -q")
    assert marked.stdout == plain.stdout
    assert marked.stderr.count("\n") == 1
    assert "evalkit: warning: b.en begins with a byte order mark, which is not scored" in (
        marked.stderr
    )
    # What the documentation says of sacreBLEU is so.
    references = [Path("p.en").read_text().splitlines()]
    theirs = [
        sacrebleu.corpus_chrf(text.splitlines(), references).score
        for text in (Path("m.en").read_text(), Path("b.en").read_text(encoding="utf-8"))
    ]
    assert theirs[0] != theirs[1]
    differs = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")
    assert "byte order mark" in differs.partition("## Where it differs from sacreBLEU")[2]


def test_the_manifest_counts_recorded_translations_as_recorded():
    run("evaluate -s u.ru -p p.en --mt m=file:m.en --mt c=cmd:cat --json o.json -q")
    run("evaluate -s u.ru -p p.en --mt m=file:m.en --mt c=cmd:cat --json again.json -q")
    counts = [
        {
            system["name"]: (system["recorded"], system["from_memory"], system["translated"])
            for system in json.loads(Path(name).read_text(encoding="utf-8"))["systems"]
        }
        for name in ("o.json", "again.json")
    ]
    assert counts[0] == {"m": (3, 0, 0), "c": (0, 0, 3)}
    assert counts[1] == {"m": (3, 0, 0), "c": (0, 3, 0)}

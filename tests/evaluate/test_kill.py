"""A run that is killed goes on where it stopped, and gives what an unbroken run gives."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SENTENCES = 60

# A translator that is slow enough to be killed, and writes down what it was asked to translate.
TRANSLATOR = """
import sys, time
log = open(sys.argv[1], "a", encoding="utf-8")
for line in iter(sys.stdin.readline, ""):
    log.write(line); log.flush()
    time.sleep(0.02)
    print("The number is", line.split()[1], flush=True)
"""


def command(folder: Path, out: str) -> list[str]:
    translator = f"cmd:{sys.executable} {folder}/translator.py {folder}/asked.txt"
    return [
        *(sys.executable, "-m", "evalkit", "evaluate", "-s", f"{folder}/s", "-p", f"{folder}/p"),
        *("--mt", f"slow={translator}", "--csv", f"{folder}/{out}", "-q"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "translator.py").write_text(TRANSLATOR, encoding="utf-8")
    numbers = range(1, SENTENCES + 1)
    (tmp_path / "s").write_text("".join(f"Число {n} здесь.\n" for n in numbers), encoding="utf-8")
    (tmp_path / "p").write_text("".join(f"Number {n} here.\n" for n in numbers), encoding="utf-8")
    return tmp_path


def environment(folder: Path, cache: str) -> dict[str, str]:
    return os.environ | {"EVALKIT_CACHE": str(folder / cache)}


def test_a_killed_run_resumes_and_gives_the_same_csv(folder):
    subprocess.run(command(folder, "whole.csv"), check=True, env=environment(folder, "one"))
    (folder / "asked.txt").unlink()
    draw = random.Random(5)
    kills = 0
    for _ in range(20):
        run = subprocess.Popen(
            command(folder, "resumed.csv"), env=environment(folder, "two"), start_new_session=True
        )
        try:
            run.wait(timeout=draw.uniform(0.8, 2.2))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            kills += 1
            assert not (folder / "resumed.csv").exists()
            continue
        break
    assert run.returncode == 0
    assert kills, "the run was never killed: the test shows nothing"
    assert (folder / "resumed.csv").read_bytes() == (folder / "whole.csv").read_bytes()
    asked = (folder / "asked.txt").read_text(encoding="utf-8").splitlines()
    assert set(asked) == {f"Число {n} здесь." for n in range(1, SENTENCES + 1)}
    # A kill can lose what was under way and not yet stored; nothing that was stored is asked again.
    again = len(asked) - SENTENCES
    assert again < SENTENCES, f"{again} sentences were translated twice in {kills} kills"


def test_ctrl_c_says_how_to_go_on(folder):
    run = subprocess.Popen(
        command(folder, "out.csv"),
        env=environment(folder, "cache"),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not (folder / "asked.txt").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    os.kill(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "interrupted" in said and "go on" in said
    assert "Traceback" not in said
    assert not (folder / "out.csv").exists()

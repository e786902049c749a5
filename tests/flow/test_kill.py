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

SENTENCES = 420
BATCH = 100  # lines that a `cmd:` system translates at a time

# A translator that is slow enough to be killed, and writes down what it was asked to translate.
TRANSLATOR = """
import os, sys, time
log = open(os.environ["ASKED"], "a", encoding="utf-8")
for line in sys.stdin.buffer:
    line = line.decode()
    log.write(line); log.flush()
    time.sleep(0.004)
    print("The number is", line.split()[1], flush=True)
"""


def command(folder: Path, out: str) -> list[str]:
    translator = f"cmd:{sys.executable} {folder}/translator.py"
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
    return os.environ | {"EVALKIT_CACHE": str(folder / cache), "ASKED": f"{folder}/asked.txt"}


def asked(folder: Path) -> list[str]:
    log = folder / "asked.txt"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def wait_for(condition, run: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while not condition() and run.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_killed_run_resumes_and_gives_the_same_csv(folder):
    subprocess.run(command(folder, "whole.csv"), check=True, env=environment(folder, "one"))
    (folder / "asked.txt").unlink()
    draw = random.Random(5)
    kills = 0
    while True:
        enough = len(asked(folder)) + draw.randint(20, 2 * BATCH)
        run = subprocess.Popen(
            command(folder, "resumed.csv"), env=environment(folder, "two"), start_new_session=True
        )
        wait_for(lambda enough=enough: len(asked(folder)) >= enough, run)
        if run.poll() is not None:
            break
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        kills += 1
        assert not (folder / "resumed.csv").exists()
    assert run.returncode == 0
    assert kills >= 2
    assert (folder / "resumed.csv").read_bytes() == (folder / "whole.csv").read_bytes()
    sentences = asked(folder)
    assert set(sentences) == {f"Число {n} здесь." for n in range(1, SENTENCES + 1)}
    # A kill loses the batch that was under way; nothing that was finished is asked for again.
    assert len(sentences) - SENTENCES <= kills * BATCH


def test_ctrl_c_says_how_to_go_on(folder):
    run = subprocess.Popen(
        command(folder, "out.csv"),
        env=environment(folder, "cache"),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: len(asked(folder)) > BATCH + 10, run)
    os.kill(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert said == (
        f"evalkit: interrupted; {BATCH} translations are kept, run the same command to go on\n"
    )
    assert not (folder / "out.csv").exists()

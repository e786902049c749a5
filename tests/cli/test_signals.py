"""Ctrl-C and SIGTERM, whenever they come: the exit code, one true line, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ENDS = {signal.SIGINT: "evalkit: interrupted", signal.SIGTERM: "evalkit: terminated"}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
either = pytest.mark.parametrize("number", list(ENDS), ids=["SIGINT", "SIGTERM"])
# Until Python itself is up, a signal is Python's own affair. The program answers from here on.
READY = 'import evalkit.interruption as i; i.end_on_signals(); print("ready", flush=True)\n'


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Files that the program makes go where the test can count them.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lines = [f"Паром номер {k} вернулся на реку." for k in range(400)]
    Path("s.ru").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [f"Ferry number {k} is back on the river." for k in range(400)]
    Path("p.en").write_text("\n".join(lines) + "\n", encoding="utf-8")


def start(*arguments: str, program: str = READY) -> subprocess.Popen[str]:
    """The program, as soon as it has taken over the signals."""
    code = program + "from evalkit.__main__ import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell starts what runs in the background with Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    return run


def left() -> set[str]:
    return {str(path) for path in Path().rglob("*")} - {"s.ru", "p.en"}


def ended(run: subprocess.Popen[str], number: int) -> str:
    """Send the signal; gives what was said. Nothing of the session is alive afterwards."""
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)
    assert run.returncode == 128 + number, said
    return said


@either
@pytest.mark.parametrize("moment", [0, 0.03, 0.1, 0.3, 0.6, 1, 1.6, 2.5])
def test_whatever_is_being_done(number, moment):
    """The built-in model is loaded and at work in this time; torch aborts if an exception is thrown through it."""
    run = start("evaluate", "-s", "s.ru", "-p", "p.en", "--no-memory", "--csv", "o.csv", "-q")
    time.sleep(moment)
    assert ended(run, number) == f"{ENDS[number]}\n"
    assert left() == set()


@either
def test_a_short_command(number):
    run = start("score", "p.en", "-i", "p.en")
    assert ended(run, number) == f"{ENDS[number]}\n"


@either
def test_programs_that_were_started_end_too(number):
    Path("slow.py").write_text(
        "import subprocess, sys, time\n"
        "subprocess.Popen(['sleep', '600'])\n"
        "open('pid', 'w').write(str(__import__('os').getpid()))\n"
        "time.sleep(600)\n",
        encoding="utf-8",
    )
    run = start("translate", "s.ru", "--mt", f"cmd:{sys.executable} slow.py", "-o", "o.en")
    deadline = time.monotonic() + 30
    while not (Path("pid").exists() and Path("pid").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    group = int(Path("pid").read_text())
    assert ended(run, number) == f"{ENDS[number]}\n"  # nothing is kept: no batch was finished
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _is_alive(group):
        time.sleep(0.01)
    assert not _is_alive(group)
    assert left() == {"pid", "slow.py"}


def _is_alive(group: int) -> bool:
    """Whether a process of the group runs: one that has ended and was not yet waited for does not."""
    states = [
        path.read_text().rpartition(")")[2].split()
        for path in Path("/proc").glob("[0-9]*/stat")
        if path.exists()
    ]
    return any(int(fields[2]) == group and fields[0] != "Z" for fields in states)


@either
@pytest.mark.parametrize("moment", range(4))
def test_a_file_that_is_being_written(number, moment):
    """The signal comes as the file beside the output is made, written, synced, or put in its place."""
    place = ("os.fsync", "os.replace", "os.chmod", "tempfile.mkstemp")[moment]
    module, _, name = place.partition(".")
    program = (
        f"import {module}, os\nreal = {place}\n"
        f"def sent(*a, **o):\n    made = real(*a, **o)\n    os.kill(os.getpid(), {int(number)})\n"
        f"    return made\n{module}.{name} = sent\n" + READY
    )
    run = start("score", "p.en", "-i", "p.en", "--csv", "o.csv", program=program)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said) == (128 + number, f"{ENDS[number]}\n")
    assert left() <= ({"o.csv"} if place == "os.replace" else set())


def test_a_signal_that_was_switched_off_stays_off():
    program = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + READY
    run = start("score", "p.en", "-i", "p.en", "-q", program=program)
    run.send_signal(signal.SIGINT)
    out, said = run.communicate(timeout=60)
    assert run.returncode == 0 and "BLEU" in out and said == ""


def test_the_line_says_what_is_kept():
    from evalkit import interruption

    assert interruption.message(signal.SIGTERM).startswith("evalkit: terminated")
    program = (
        "import evalkit.interruption as i, os, signal\ni.end_on_signals()\n"
        "i.kept(1234, 'translations'); i.kept(0, 'judgements')\nos.kill(os.getpid(), signal.SIGINT)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr == (
        "evalkit: interrupted; 1,234 translations are kept, run the same command to go on\n"
    )

"""`cmd:`: a program that reads a line and writes a line; one that does otherwise is found out."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError, InputError
from evalkit.memory import Memory
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system


@pytest.fixture
def program(tmp_path: Path):
    """A function from the body of a loop over ``n, line`` to a command."""

    def make(body: str, name: str = "mt.py") -> str:
        script = tmp_path / name
        script.write_text(
            "import sys, time\n"
            "for n, line in enumerate(sys.stdin, 1):\n"
            "    line = line.rstrip('\\n')\n"
            f"    {body}\n",
            "utf-8",
        )
        return f"cmd:{shlex.quote(sys.executable)} -X utf8 {shlex.quote(str(script))}"

    return make


def test_a_line_in_is_a_line_out(program):
    sources = [f"дом {k}" for k in range(250)]
    system = open_system(f"up={program('print(line.upper())')}")
    assert run_system(system, sources).texts == [source.upper() for source in sources]


def test_a_quick_program_is_started_for_more_lines_each_time(program, tmp_path):
    starts = tmp_path / "starts"
    body = f"n == 1 and open({str(starts)!r}, 'a').write('started\\n'); print(line)"
    sources = [f"дом {k}" for k in range(1500)]
    assert run_system(open_system(program(body)), sources).texts == sources
    assert len(starts.read_text().splitlines()) == 4  # 100, 200, 400 and 800 lines


def test_a_line_break_within_a_source_does_not_make_two_lines(program):
    system = open_system(program("print(line)"))
    assert run_system(system, ["один\nдва", "три\u2028четыре"]).texts == [
        "один два",
        "три\u2028четыре",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("n == 137 or print(line)", r"sentence 237 \('дом 236'\) gave 0 lines"),
        ("print(line + ('\\nmore' if n == 37 else ''))", r"sentence 37 \('дом 36'\) gave 2 lines"),
        ("print(line) if n > 1 else None", r"sentence 1 \('дом 0'\) gave 0 lines"),
    ],
)
def test_a_lost_or_added_line_is_named_and_nothing_shifts(program, body, message):
    memory = Memory()
    sources = [f"дом {k}" for k in range(250)]
    body = body.replace("n == 137", "line == 'дом 236'")
    system = open_system(program(body))
    with pytest.raises(EvalkitError, match=message):
        run_system(system, sources, memory=memory)
    kept = memory.get_many(system.fingerprint, sources)
    assert len(kept) % 100 == 0
    assert all(translation.text == source for source, translation in kept.items())


def test_a_program_that_fails_says_why(program):
    system = open_system(program("raise SystemExit('no model\\nfile is missing')"))
    with pytest.raises(EvalkitError, match=r"ended with code 1: file is missing"):
        run_system(system, ["дом"])


def test_a_program_that_hangs_is_ended_with_what_it_started(tmp_path):
    alive = tmp_path / "alive"
    command = f"cmd:sh -c 'while sleep 0.2; do touch {alive}; done & sleep 60'"
    began = time.monotonic()
    with pytest.raises(EvalkitError, match=r"not done with 1 lines after 0.5 seconds"):
        run_system(open_system(command, Decoding(timeout=0.5)), ["дом"])
    assert time.monotonic() - began < 20
    alive.unlink(missing_ok=True)
    time.sleep(0.6)
    assert not alive.exists()


def test_output_that_is_not_utf8_is_an_error_with_its_line():
    with pytest.raises(EvalkitError, match=r"output line 2 is not UTF-8"):
        run_system(open_system(r"cmd:printf 'a\n\377\n'"), ["дом", "река"])


def test_a_program_that_is_not_there():
    with pytest.raises(InputError, match=r"there is no program 'no-such-program'"):
        open_system("cmd:no-such-program -x")
    with pytest.raises(InputError, match="check its quotes"):
        open_system("cmd:tr 'a")


def test_a_changed_script_is_another_system(program):
    spec = program("print(line)")
    before = dict(open_system(spec).fingerprint)
    assert open_system(spec).fingerprint == before
    assert open_system(program("print(line.upper())")).fingerprint != before

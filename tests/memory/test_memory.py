"""The translation memory: found again by system and source, and hard to lose."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.data import Example, Translation
from evalkit.errors import InputError
from evalkit.memory import Memory

SYSTEM = {"kind": "model", "model": "m", "beam": "1"}
HOUSE = ("дом", Translation("house", ("cut",)))


def filled(path: Path | None = None, count: int = 1) -> Memory:
    memory = Memory(path)
    memory.put_many(SYSTEM, [HOUSE] + [(f"дом {k}", Translation("x" * 50)) for k in range(count)])
    return memory


def test_a_translation_is_found_again_with_its_flags(private_cache):
    filled().close()
    memory = Memory()
    assert memory.path == private_cache / "memory.sqlite3"
    assert memory.get_many(SYSTEM, ["дом", "нет"]) == {"дом": HOUSE[1]}


@pytest.mark.parametrize("key", SYSTEM)
def test_a_changed_setting_never_gives_an_old_translation(key):
    memory = filled()
    assert memory.get_many(SYSTEM | {key: "2"}, ["дом"]) == {}
    assert memory.get_many(SYSTEM | {"new": "1"}, ["дом"]) == {}
    assert memory.get_many(dict(reversed(SYSTEM.items())), ["дом"]) == {"дом": HOUSE[1]}


def test_info_clear_and_export():
    memory = filled(count=2)
    assert memory.info().translations == 3
    assert memory.info().systems == ((SYSTEM, 3),)
    record = next(record for record in memory.export() if record["source"] == "дом")
    assert (record["translation"], record["flags"]) == ("house", ["cut"])
    assert record["fingerprint"] == SYSTEM
    assert memory.clear() == 3
    assert memory.info().translations == 0


def test_more_sources_than_a_statement_takes():
    memory = filled(count=2500)
    assert len(memory.get_many(SYSTEM, [f"дом {k}" for k in range(3000)])) == 2500


def test_text_that_is_not_valid_unicode_does_no_harm():
    memory = Memory()
    memory.put_many(SYSTEM, [("\ud800 дом\x00", Translation("\udcff house\x00"))])
    assert memory.get_many(SYSTEM, ["\ud800 дом\x00"]) == {}
    memory.put_many(SYSTEM, [HOUSE])
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}


METRIC = {"metric": "m", "model": "n"}
EXAMPLE = Example("house", ("a house", "home"), "дом")


def test_a_judgement_is_found_again_by_all_texts_of_its_example():
    memory = Memory()
    memory.put_judgements(METRIC, [(EXAMPLE, "[0.5, [], {}]")])
    others = [
        EXAMPLE._replace(hypothesis="a house"),
        EXAMPLE._replace(references=("a house",)),
        EXAMPLE._replace(references=("home", "a house")),
        EXAMPLE._replace(references=("a househome",)),
        EXAMPLE._replace(source=""),
        Example("house", ("дом", "a house", "home")),
        Example("house", (), "домa househome"),
    ]
    assert memory.get_judgements(METRIC, [EXAMPLE, *others]) == {EXAMPLE: "[0.5, [], {}]"}
    for other in (METRIC | {"model": "o"}, METRIC | {"new": "1"}):
        assert memory.get_judgements(other, [EXAMPLE]) == {}
    assert memory.get_judgements(dict(reversed(METRIC.items())), [EXAMPLE])


def test_the_first_judgement_stays():
    with Memory() as memory:
        memory.put_judgements(METRIC, [(EXAMPLE, "first")])
        memory.put_judgements(METRIC, [(EXAMPLE, "second")])
    assert Memory().get_judgements(METRIC, [EXAMPLE]) == {EXAMPLE: "first"}


def test_judgements_of_texts_that_are_not_valid_unicode_and_of_more_than_a_statement_takes():
    memory = Memory()
    examples = [Example(f"\ud800 house {k}\x00") for k in range(1200)]
    memory.put_judgements(METRIC, [(example, "1") for example in examples])
    assert memory.get_judgements(METRIC, examples) == dict.fromkeys(examples, "1")


def test_a_judgement_that_is_not_valid_unicode_does_no_harm():
    memory = Memory()
    memory.put_judgements(METRIC, [(EXAMPLE, '["\ud800"]')])
    memory.put_judgements(METRIC, [(Example("a"), "1")])
    assert memory.get_judgements(METRIC, [EXAMPLE, Example("a")]) == {Example("a"): "1"}


def test_judgements_and_translations_are_counted_and_forgotten_together():
    memory = filled(count=2)
    memory.put_judgements(METRIC, [(EXAMPLE, "1"), (Example("a"), "2")])
    assert memory.info().metrics == ((METRIC, 2),)
    assert memory.info().translations == 3
    assert len(list(memory.export())) == 3
    assert memory.clear() == 3
    assert (memory.info().systems, memory.info().metrics) == ((), ())
    assert memory.get_judgements(METRIC, [EXAMPLE]) == {}


# As evalkit/translate/memory_file.py made the file at 99f9b13.
VERSION_1 = """
CREATE TABLE systems (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL);
CREATE TABLE translations (system INTEGER NOT NULL REFERENCES systems(id), hash BLOB NOT NULL,
    source TEXT NOT NULL, translation TEXT NOT NULL, flags TEXT NOT NULL, made REAL NOT NULL,
    PRIMARY KEY (system, hash)) WITHOUT ROWID;
PRAGMA application_id = 0x65766B74;
PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_version_is_upgraded_and_loses_nothing(private_cache):
    path = private_cache / "memory.sqlite3"
    canonical = json.dumps(SYSTEM, sort_keys=True, separators=(",", ":"))
    source, made = HOUSE
    system = (1, hashlib.sha256(canonical.encode()).hexdigest(), canonical)
    row = (1, hashlib.sha256(source.encode()).digest(), source, made.text, "cut", 0.0)
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.execute("INSERT INTO systems VALUES (?, ?, ?)", system)
    connection.execute("INSERT INTO translations VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    memory = Memory()
    assert memory.get_many(SYSTEM, [source]) == {source: made}
    memory.put_judgements(METRIC, [(EXAMPLE, "1")])
    assert memory.get_judgements(METRIC, [EXAMPLE]) == {EXAMPLE: "1"}
    assert (memory.info().translations, memory.info().metrics) == (1, ((METRIC, 1),))
    assert not memory.warnings
    memory.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize("keep", [10, 100, 3000, 9000])
def test_a_truncated_memory_is_set_aside_and_begun_anew(private_cache, keep, caplog):
    filled(count=500).close()
    path = private_cache / "memory.sqlite3"
    os.truncate(path, keep)
    memory = Memory()
    memory.get_many(SYSTEM, [f"дом {k}" for k in range(500)])
    memory.put_many(SYSTEM, [HOUSE])
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}
    assert len(memory.warnings) == 1
    assert "set aside as memory.sqlite3.damaged-" in caplog.text
    (aside,) = private_cache.glob("memory.sqlite3.damaged-*")
    assert aside.stat().st_size == keep


def test_damage_in_the_middle_is_met_when_it_is_read(private_cache):
    filled(count=500).close()
    path = private_cache / "memory.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    memory = Memory()
    memory.put_many(SYSTEM, [HOUSE])
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}
    assert len(memory.warnings) == 1


def test_a_named_file_of_another_kind_is_left_as_it_is(tmp_path):
    text = tmp_path / "source.ru"
    text.write_text("Это не база данных.\n" * 20, "utf-8")
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(InputError, match="is not a translation memory"):
            Memory(path).get_many(SYSTEM, ["дом"])
        assert path.read_bytes() == before


def test_another_programs_file_in_our_place_is_set_aside(private_cache):
    (private_cache / "memory.sqlite3").write_text("not a database, and long enough to see\n" * 9)
    memory = filled()
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}
    assert len(list(private_cache.glob("memory.sqlite3.damaged-*"))) == 1


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path):
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "memory.sqlite3")
    assert memory.get_many(SYSTEM, ["дом"]) == {}
    memory.put_many(SYSTEM, [HOUSE])
    assert len(memory.warnings) == 1
    assert "going on without it" in memory.warnings[0]


def run(script: str, *arguments: object, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


BEGIN = """
import os, sys, time
from evalkit.data import Translation
from evalkit.memory.store import Memory
S = {"kind": "model", "model": "m", "beam": "1"}
def put(memory, name, k):
    memory.put_many(S, [(f"{name} {k} {i}", Translation("house " * 20)) for i in range(10)])
"""


def test_a_read_only_folder_is_a_warning_and_no_harm(tmp_path):
    filled(tmp_path / "memory.sqlite3").close()
    tmp_path.chmod(0o755)
    (tmp_path / "memory.sqlite3").chmod(0o444)
    script = BEGIN + (
        "if os.getuid() == 0: os.setgroups([]); os.setuid(65534)\n"
        "os.chdir('/')\n"
        "memory = Memory(sys.argv[1])\n"
        "memory.put_many(S, [('река', Translation('river'))])\n"
        "print(len(memory.warnings), memory.get_many(S, ['река']))\n"
    )
    tmp_path.chmod(0o555)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    done = run(script, tmp_path / "memory.sqlite3")
    tmp_path.chmod(0o755)
    assert done.stdout.split() == ["1", "{}"], done.stderr
    assert "cannot be used" in done.stderr
    assert Memory(tmp_path / "memory.sqlite3").info().translations == 2


def test_a_full_disk_is_one_clear_line_and_keeps_what_was_there(tmp_path):
    filled(tmp_path / "memory.sqlite3").close()
    script = BEGIN + (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))\n"
        "memory = Memory(sys.argv[1])\n"
        "for k in range(100): put(memory, 'дом', k)\n"
        "print(len(memory.warnings))\n"
    )
    done = run(script, tmp_path / "memory.sqlite3")
    assert done.stdout.strip() == "1", done.stderr
    assert done.stderr.count("\n") == 1
    assert "going on without it" in done.stderr
    memory = Memory(tmp_path / "memory.sqlite3")
    assert memory.info().translations > 2
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}


def test_two_processes_share_a_memory(tmp_path):
    path = tmp_path / "memory.sqlite3"
    script = BEGIN + (
        "memory = Memory(sys.argv[1])\n"
        "for k in range(60): put(memory, sys.argv[2], k)\n"
        "assert not memory.warnings\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert Memory(path).info().translations == 1200


@pytest.mark.parametrize(
    "statement", ["SELECT count(*) FROM sqlite_master", "PRAGMA application_id"]
)
@pytest.mark.parametrize("own_place", [True, False])
def test_a_file_made_by_another_process_meanwhile_is_a_memory(
    private_cache, monkeypatch, statement, own_place
):
    path = private_cache / "memory.sqlite3"
    connect = sqlite3.connect

    def traced(*arguments, **options):
        def trace(begun):
            if begun == statement:
                monkeypatch.setattr(sqlite3, "connect", connect)
                filled(path, 8).close()

        connection = connect(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    memory = Memory(None if own_place else path)
    assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}
    assert not memory.warnings
    assert not list(private_cache.glob("*damaged*"))


def test_what_was_committed_survives_a_kill(tmp_path):
    path = tmp_path / "memory.sqlite3"
    script = BEGIN + (
        "memory = Memory(sys.argv[1])\n"
        "k = int(sys.argv[2])\n"
        "while True:\n"
        "    put(memory, 'дом', k); print(k, flush=True); k += 1\n"
    )
    committed = 0
    for attempt in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(committed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(7 * attempt + 1):
            committed = int(process.stdout.readline()) + 1
        process.kill()
        process.communicate()
        memory = Memory(path)
        sources = [f"дом {k} {i}" for k in range(committed) for i in range(10)]
        assert len(memory.get_many(SYSTEM, sources)) == len(sources)
        assert memory.info().translations % 10 == 0
        assert not memory.warnings
        memory.close()


def test_a_kill_while_the_file_is_made_leaves_none_or_a_whole_one(tmp_path):
    script = BEGIN + (
        "import evalkit.memory.file as m, signal\n"
        "step = int(sys.argv[2]); done = 0\n"
        "def trace(statement):\n"
        "    global done\n"
        "    done += 1\n"
        "    if done == step: os.kill(os.getpid(), signal.SIGKILL)\n"
        "connect = m.sqlite3.connect\n"
        "def traced(*a, **k):\n"
        "    c = connect(*a, **k); c.set_trace_callback(trace); return c\n"
        "m.sqlite3.connect = traced\n"
        "put(Memory(sys.argv[1]), 'дом', 0)\n"
    )
    for step in range(1, 14):
        path = tmp_path / f"{step}.sqlite3"
        assert run(script, path, step).returncode == -9
        memory = filled(path)
        assert memory.get_many(SYSTEM, ["дом"]) == {"дом": HOUSE[1]}
        assert not memory.warnings

"""evalkit memory: info, clear, export."""

from __future__ import annotations

import json

import pytest

from evalkit.cli import main
from evalkit.data import Example, Translation
from evalkit.memory import Memory


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["memory", *arguments])
    out, err = capfd.readouterr()
    return ended.value.code, out, err


@pytest.fixture(autouse=True)
def filled(private_cache):
    with Memory() as memory:
        memory.put_many({"kind": "model", "model": "m"}, [("дом", Translation("house"))])


def test_info(capfd, private_cache):
    code, out, _ = run(capfd, "info")
    assert code == 0
    assert f"{private_cache / 'memory.sqlite3'}" in out
    assert "1 translations" in out
    assert "model m" in out


def test_judgements_are_shown_and_forgotten_too(capfd):
    with Memory() as memory:
        memory.clear()
        example = Example("house", (), "дом")
        memory.put_judgements({"kind": "metric", "model": "judge"}, [(example, "[1, [], {}]")])
    out = run(capfd, "info")[1]
    assert "0 translations, 1 judgements" in out
    assert "metric judge" in out
    assert run(capfd, "clear", "--yes")[1] == "0 translations, 1 judgements forgotten\n"
    with Memory() as memory:
        assert memory.info().metrics == ()


def test_a_memory_of_judgements_alone_is_not_cleared_unasked(capfd, monkeypatch):
    monkeypatch.setattr("click.confirm", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
    with Memory() as memory:
        memory.clear()
        memory.put_judgements({"kind": "metric"}, [(Example("house"), "[1, [], {}]")])
    assert run(capfd, "clear")[0] == 130


def test_export_is_json_lines(capfd, tmp_path):
    code, out, _ = run(capfd, "export")
    assert code == 0
    assert json.loads(out)["translation"] == "house"
    assert run(capfd, "export", "-o", str(tmp_path / "m.jsonl"))[0] == 0
    assert json.loads((tmp_path / "m.jsonl").read_text("utf-8"))["source"] == "дом"


def test_clear_asks_unless_told_not_to(capfd, monkeypatch):
    monkeypatch.setattr("click.confirm", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run(capfd, "clear")[0] == 130
    assert run(capfd, "clear", "--yes")[1] == "1 translations forgotten\n"
    assert "0 translations" in run(capfd, "info")[1]


def test_a_named_file_that_is_not_there_or_not_a_memory(capfd, tmp_path):
    assert run(capfd, "info", "--memory", str(tmp_path / "none"))[0] == 2
    (tmp_path / "text").write_text("Это не база данных.\n" * 9, "utf-8")
    code, _, err = run(capfd, "clear", "--yes", "--memory", str(tmp_path / "text"))
    assert code == 2
    assert "is not a translation memory" in err

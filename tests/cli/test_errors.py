"""What a user sees when something is wrong: one line that says what and where, and the right exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.cli import main


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ru").write_text("Да.\nНет.\nМожет быть.\n", encoding="utf-8")
    (tmp_path / "p.en").write_text("Yes.\nNo.\nPerhaps.\n", encoding="utf-8")
    (tmp_path / "short.en").write_text("Yes.\nNo.\n", encoding="utf-8")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00" * 9)
    (tmp_path / "t.tsv").write_text("alpha\tbeta\nДа.\tYes.\n", encoding="utf-8")
    return tmp_path


def run(capfd: pytest.CaptureFixture[str], line: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main(line.split())
    said = capfd.readouterr().err
    assert "Traceback" not in said
    return stop.value.code or 0, said.strip()


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("evaluate -s s.ru -p short.en --align lines --mt file:p.en", 2, ["3", "2", "short.en"]),
        ("evaluate -s s.ru -p p.en --mt file:short.en", 2, ["2", "3", "short.en"]),
        (
            "evaluate t.tsv --source-column alpha --provided-column gamma --mt file:p.en",
            2,
            ["gamma", "alpha", "beta"],
        ),
        ("evaluate -s empty -p p.en --mt file:p.en", 2, ["empty"]),
        ("evaluate binary.txt --mt file:p.en", 2, ["binary.txt"]),
        ("evaluate missing.txt --mt file:p.en", 2, ["missing.txt"]),
        ("evaluate -s s.ru -p p.en --mt file:missing.en", 2, ["missing.en"]),
        ("evaluate -s s.ru -p p.en --mt nonsense:x", 2, ["nonsense:x"]),
        ("evaluate -s s.ru -p p.en --mt hf:nobody/no-such-model", 3, ["nobody/no-such-model"]),
        ("evaluate -s s.ru -p p.en --mt hf:./no-such-folder", 3, ["no-such-folder"]),
        (
            "evaluate -s s.ru -p p.en --mt file:p.en -q --csv no/such/out.csv",
            1,
            ["no/such/out.csv"],
        ),
    ],
)
def test_one_clear_line_and_the_exit_code(files, capfd, line, code, words):
    got, said = run(capfd, line)
    assert got == code, said
    for word in words:
        assert word in said
    assert len(said.splitlines()) == 1, said
    assert said.startswith("evalkit: error: ")


def test_a_wrong_flag_names_it(files, capfd):
    code, said = run(capfd, "evaluate -s s.ru -p p.en --mt file:p.en --chrf")
    assert code == 2
    assert "--chrf" in said


def test_legacy_russian_is_read_and_named(files, capfd):
    text = "Вчера в городе прошёл сильный дождь.\nДороги были закрыты.\nЛюди остались дома.\n"
    (files / "s.txt").write_bytes(text.encode("cp1251"))
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "-s", "s.txt", "-p", "p.en", "--mt", "file:p.en"])
    out, said = capfd.readouterr()
    assert stop.value.code == 0
    assert "evalkit: warning: " in said and "cp1251" in said
    assert "Дороги были закрыты." in out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("s.ru --mt none", "evalkit evaluate s.ru --mt none"),
        ("evalute s.ru", "Did you mean 'evaluate'?"),
    ],
)
def test_an_unknown_command_is_answered_by_what_was_meant(files, capfd, line, words):
    code, said = run(capfd, line)
    assert code == 2
    assert words in said

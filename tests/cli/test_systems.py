"""evalkit systems: what there is, what it is, and getting it ahead of time."""

from __future__ import annotations

import pytest

from evalkit.cli import main
from evalkit.systems.catalogue import SHORT_NAMES


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["systems", *arguments])
    out, err = capfd.readouterr()
    return ended.value.code, out, err


def test_the_list_has_every_name_with_its_licence(capfd):
    code, out, _ = run(capfd, "list")
    assert code == 0
    for name, model in SHORT_NAMES.items():
        (line,) = [line for line in out.splitlines() if line.startswith(f"{name} ")]
        assert model.repository in line
        assert model.licence in line
    assert "cmd:COMMAND" in out


def test_a_short_name_is_described_and_told_how_to_fetch(capfd):
    code, out, _ = run(capfd, "info", "nllb-600m")
    assert code == 0
    assert "CC-BY-NC-4.0" in out
    assert "no: `evalkit systems fetch nllb-600m`" in out


def test_a_system_that_is_here_shows_its_fingerprint(capfd, tmp_path):
    (tmp_path / "a.en").write_text("one\n")
    code, out, _ = run(capfd, "info", f"file:{tmp_path / 'a.en'}")
    assert code == 0
    assert "sha256" in out


def test_fetching_what_cannot_be_had(capfd):
    code, _, err = run(capfd, "fetch", "opus-mt")
    assert code == 3
    assert "Helsinki-NLP/opus-mt-ru-en is not on this machine" in err
    assert run(capfd, "fetch", "cmd:cat")[0] == 2
    assert run(capfd, "fetch", "builtin")[0] == 0

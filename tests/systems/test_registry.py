"""Specifications: `[NAME=]KIND:ARGS`."""

from __future__ import annotations

import pytest

from evalkit.errors import InputError
from evalkit.systems import open_systems
from evalkit.systems.registry import parse_spec


@pytest.mark.parametrize(
    ("spec", "parsed"),
    [
        ("builtin", ("builtin", "builtin", "")),
        ("mine=builtin", ("mine", "builtin", "")),
        ("opus-mt", ("opus-mt", "hf", "Helsinki-NLP/opus-mt-ru-en")),
        (
            "hf:Helsinki-NLP/opus-mt-ru-en@abc",
            ("opus-mt-ru-en", "hf", "Helsinki-NLP/opus-mt-ru-en@abc"),
        ),
        ("file:some/where/Online-W.en.gz", ("Online-W", "file", "some/where/Online-W.en.gz")),
        ("file:a=b.en", ("a=b", "file", "a=b.en")),
        ("w=file:a=b.en", ("w", "file", "a=b.en")),
        ("cmd:/usr/bin/tr а-я 'x=y'", ("tr", "cmd", "/usr/bin/tr а-я 'x=y'")),
        ("openai:org/gpt-x", ("gpt-x", "openai", "org/gpt-x")),
    ],
)
def test_name_kind_and_argument(spec, parsed):
    assert parse_spec(spec) == parsed


def test_a_folder_needs_no_kind(tmp_path):
    folder = tmp_path / "my=model"
    folder.mkdir()
    assert parse_spec(str(folder)) == ("my=model", "hf", str(folder))


@pytest.mark.parametrize("spec", ["nothing", "file:", "ftp:x", "", "x="])
def test_what_is_no_system_is_told_what_would_be(spec):
    with pytest.raises(InputError, match=r"unknown system .*use builtin"):
        parse_spec(spec)


def test_names_differ_and_none_is_all(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mt.en").write_text("one\n", "utf-8")
    a, b = f"file:{tmp_path / 'a/mt.en'}", f"file:{tmp_path / 'b/mt.en'}"
    with pytest.raises(InputError, match=r"two systems are named 'mt'.*NAME="):
        open_systems([a, b])
    assert [system.name for system in open_systems([a, f"other={b}"])] == ["mt", "other"]
    with pytest.raises(InputError, match="cannot be named 'all'"):
        open_systems([f"all={a}"])

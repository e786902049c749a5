"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# No test may reach a model hub, nor wait for one.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(autouse=True)
def private_cache(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Each test has a translation memory and a cache of its own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("EVALKIT_CACHE", str(folder))
    return folder


@pytest.fixture
def data() -> Path:
    """The example data of the repository."""
    return ROOT / "data"


@pytest.fixture
def wmt21() -> Path:
    """The WMT21 Russian-English test set, which may not be redistributed and so is not in the repository."""
    folder = ROOT.parent / "shared" / "cases" / "wmt21-ru-en"
    if not folder.is_dir():
        pytest.skip("needs ../shared/cases/wmt21-ru-en (WMT21 news test set), which is not here")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the test's own folder: ``write("a.ru", "текст", "cp1251")``."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write

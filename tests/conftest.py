"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evalkit.data import Document, InputFile, Row
from evalkit.plan import Plan
from evalkit.read import read

ROOT = Path(__file__).resolve().parent.parent

# Most tests start processes that use one core: several at a time halve the time. More than this take too much memory.
MOST_WORKERS = 4


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the tests of folders in several processes where pytest-xdist is there and nothing else is said (`-n 0`)."""
    # A worker calls this too, and must not start workers of its own.
    if not config.pluginmanager.hasplugin("xdist") or hasattr(config, "workerinput"):
        return
    options = config.option
    apart = all("::" in name or name.endswith(".py") for name in config.args)
    if apart or options.usepdb or options.collectonly or options.numprocesses is not None:
        return
    cores = os.cpu_count() or 1
    if cores > 1:
        options.numprocesses = min(cores, MOST_WORKERS)


# A shell in the background switches Ctrl-C off for what it starts, and programs that tests start would never see it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
def read_wmt21(wmt21: Path) -> Callable[[str], list[str]]:
    """The lines of a file of the WMT21 set."""
    return lambda name: (wmt21 / name).read_text(encoding="utf-8").split("\n")[:-1]


@pytest.fixture
def wmt21_systems(wmt21: Path, read_wmt21: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """System -> its 1,000 translations."""
    return {
        path.stem: read_wmt21(f"systems/{path.name}")
        for path in sorted((wmt21 / "systems").glob("*.en"))
    }


@dataclass(frozen=True)
class Input:
    """What was read, with its documents gone through."""

    documents: tuple[Document, ...]
    files: tuple[InputFile, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """Those of all documents."""
        return [row for document in self.documents for row in document.rows]

    @property
    def names(self) -> list[str]:
        """The document of each row."""
        return [document.name for document in self.documents for _ in document.rows]


def read_input(
    document: Path | str | None = None,
    source: Path | str | None = None,
    provided: Path | str | Sequence[Path | str] = (),
    **options: Any,
) -> Input:
    """Read one document, or a source with its provided files, with options of `Plan`."""
    several = (provided,) if isinstance(provided, Path | str) else provided
    plan = Plan(
        inputs=() if document is None else (str(document),),
        source=None if source is None else str(source),
        provided=tuple(map(str, several)),
    )
    texts = {name: str(v) if isinstance(v, Path) else v for name, v in options.items()}
    corpus = read(plan.with_options(texts))
    return Input(tuple(corpus.documents), corpus.files, corpus.warnings)


@pytest.fixture
def read_file() -> Callable[..., Input]:
    """`read_input`: ``read_file("a.tsv", id_column="key")``, ``read_file(source="a.ru", provided="a.en")``."""
    return read_input


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the test's own folder: ``write("a.ru", "текст", "cp1251")``."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write

"""A package of another author adds a metric, a kind of system, a reader and a report; nothing in evalkit knows of it.

The package is built and installed by pip, without a network, and used through the command line.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

import evalkit

if not all(map(find_spec, ("pip", "setuptools"))):
    pytest.skip("needs pip and setuptools to install a package", allow_module_level=True)

ROOT = Path(evalkit.__file__).resolve().parent.parent
FILES = {
    "pyproject.toml": """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "evalkit-demo"
version = "1.0"

[project.entry-points."evalkit.metrics"]
demo = "evalkit_demo.metric:Demo"

[project.entry-points."evalkit.systems"]
demo = "evalkit_demo.system:open_demo"
lost = "evalkit_demo.missing:open_lost"

[project.entry-points."evalkit.readers"]
demo = "evalkit_demo.reader:read_demo"
lost = "evalkit_demo.missing:read_lost"

[project.entry-points."evalkit.reports"]
demo = "evalkit_demo.report:write_demo"

[tool.setuptools]
packages = ["evalkit_demo"]
""",
    "evalkit_demo/__init__.py": "",
    "evalkit_demo/metric.py": '''
import os

from evalkit.metrics import Judgement, JudgingMetric


class Demo(JudgingMetric):
    """Words of the hypothesis for each word of the source, at most 2."""

    name, label, range = "demo", "Demo", (0.0, 2.0)
    needs = frozenset({"source"})
    detail_columns = {"words": "demo_words"}

    @property
    def fingerprint(self):
        return {"metric": self.name, "version": "1"}

    def judge(self, batch):
        with open(os.environ["DEMO_LOG"], "a") as stream:
            stream.write("judged\\n" * len(batch))
        return [self._judged(example) for example in batch]

    def _judged(self, example):
        words, of = len(example.hypothesis.split()), len(example.source.split())
        if not words:
            return Judgement(float("nan"), ("nothing_to_judge",))
        return Judgement(min(words / of, 2.0), details={"words": words})
''',
    "evalkit_demo/system.py": """
from evalkit.data import Translation


class Demo:
    recorded, note, location = False, "a toy", ""

    def __init__(self, request):
        self.name, self.spec, self.ending = request.name, request.spec, request.argument
        self.fingerprint = {"kind": "demo", "ending": self.ending, "pair": request.pair.code}

    def translate(self, sources):
        yield [(k, Translation(f"{text.upper()} {self.ending}")) for k, text in enumerate(sources)]


def open_demo(request):
    return Demo(request)
""",
    "evalkit_demo/reader.py": '''
from evalkit.data import Corpus, Row
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.opening import load
from evalkit.read.blocks import row_documents


def read_demo(path, options):
    """Lines of "document | source | translation"."""
    loaded = load(path, "document")
    rows = []
    for number, line in enumerate(decode(loaded).text.splitlines(), start=1):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3:
            raise InputError(f"{path}:{number}: no line of three parts")
        rows.append((parts[0], Row(parts[1], (parts[2],), line=number)))
    file = loaded.described("utf-8", "demo")
    return Corpus(tuple(row_documents(rows, options.name or path)), (file,))


read_demo.suffixes = (".demo", ".demonstration")
''',
    "evalkit_demo/report.py": """
from evalkit.files.writing import write_atomically


def write_demo(evaluation, path):
    with write_atomically(path) as stream:
        for _, row in evaluation.systems.iterrows():
            stream.write(f"{row['system']}: {row['demo']:.3f}\\n")
""",
}
INPUT = "a | Дом стоит. | The house stands.\na | Река. | The river.\nb | Он ушёл. | He left.\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the package."""
    project, target = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text, "utf-8")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", "-q", *options]
    done = subprocess.run(
        [*command, "--target", str(target), str(project)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def run(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `evalkit ...` in a folder with the input, where the package is installed."""
    monkeypatch.chdir(tmp_path)
    Path("x.demo").write_text(INPUT, "utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)]),
        "DEMO_LOG": str(tmp_path / "log"),
        "COLUMNS": "100",
    }

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "evalkit", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return done

    return run


def judged() -> int:
    log = Path("log")
    return len(log.read_text().splitlines()) if log.exists() else 0


def rows(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_four_are_used_through_the_command_line(run):
    command = ("evaluate", "x.demo", "--mt", "demo:now", "-m", "demo", "--report", "demo=out")
    said = run(*command)
    # 3/2, 2/1 and 3/2 words of the translation; 3/2, 2/1 and 2/2 of the provided text.
    assert Path("out").read_text("utf-8") == "now: 1.667\nprovided: 1.500\n"
    assert "Demo 2.000" in said.stdout
    assert "1.6667" in said.stdout
    assert judged() == 6
    run(*command)
    assert judged() == 6, "judgements are kept"


def test_what_it_gives_is_in_every_report_of_evalkit(run):
    run(
        *("evaluate", "x.demo", "--mt", "demo:now", "--mt", "other=demo:then", "-m", "demo"),
        *("-m", "chrf", "--csv", "out.csv", "--json", "out.json", "--html", "out.html"),
        *("--markdown", "out.md", "--latex", "out.tex", "--mt-metrics-eval", "out"),
    )
    found = rows("out.csv")
    assert [(row["document"], row["system"]) for row in found[-2:]] == [
        ("b", "now"),
        ("b", "other"),
    ]
    assert [float(row["demo"]) for row in found if row["system"] == "now"] == [1.5, 2.0, 1.5]
    assert {row["demo_words"] for row in found if row["source"] == "Он ушёл."} == {"3"}
    assert [float(row["provided_demo"]) for row in found[::2]] == [1.5, 2.0, 1.0]
    manifest = json.loads(Path("out.json").read_text("utf-8"))
    assert manifest["inputs"][0]["format"] == "demo"
    assert manifest["plan"]["systems"] == ["demo:now", "other=demo:then"]
    assert manifest["signatures"]["corpus"]["demo"].startswith("metric:demo|version:1")
    assert manifest["systems"][0]["fingerprint"]["kind"] == "demo"
    for name in ("out.html", "out.md", "out.tex"):
        assert "Demo" in Path(name).read_text("utf-8"), name
    assert Path("out/Demo-src.seg.score").read_text().split() == [
        *("now", "1.5", "now", "2.0", "now", "1.5", "other", "1.5", "other", "2.0", "other", "1.5"),
        *("provided", "1.5", "provided", "2.0", "provided", "1.0"),
    ]
    systems = [
        line.split("\t")[0] for line in Path("out/Demo-src.sys.score").read_text().splitlines()
    ]
    assert systems == ["now", "other", "provided"]
    systems = [
        line.split("\t")[0] for line in Path("out/chrF2-refA.sys.score").read_text().splitlines()
    ]
    assert systems == ["now", "other"]


def test_a_run_with_them_is_repeated_from_its_manifest(run):
    run(
        *("evaluate", "x.demo", "--mt", "demo:now", "-m", "demo", "--report", "demo=out"),
        *("--csv", "out.csv", "--json", "out.json"),
    )
    first = Path("out").read_text("utf-8"), Path("out.csv").read_bytes()
    Path("out").unlink()
    run("evaluate", "--plan", "out.json", "--report", "demo=out", "--csv", "again.csv")
    assert (Path("out").read_text("utf-8"), Path("again.csv").read_bytes()) == first


def test_the_other_commands_know_them_too(run):
    for name, text in (("s", "один два\nтри\n"), ("a", "one two\nthree four\n"), ("b", "one\n\n")):
        Path(name).write_text(text, "utf-8")
    translated = run("translate", "s", "--mt", "demo:now", "-q")
    assert translated.stdout.splitlines() == ["ОДИН ДВА now", "ТРИ now"]
    run("score", "-i", "a", "--source", "s", "-m", "demo", "--csv", "a.csv")
    assert [(row["demo"], row["flags"]) for row in rows("a.csv")] == [("1.0", ""), ("2.0", "")]
    run("score", "-i", "b", "--source", "s", "-m", "demo", "--csv", "b.csv")
    found = [(row["demo"], row["flags"]) for row in rows("b.csv")]
    assert found == [("0.5", ""), ("", "nothing_to_judge")]
    compared = run("compare", "-i", "a", "-i", "b", "--source", "s", "-m", "demo")
    assert "Demo" in compared.stdout
    assert "1.5000" in compared.stdout


def test_a_file_of_another_suffix_is_told_apart_by_its_format(run):
    Path("x.demo").rename("x.demonstration")
    run("evaluate", "x.demonstration", "--mt", "demo:now", "-m", "demo", "--csv", "a.csv")
    Path("x.demonstration").rename("x.dat")
    run(
        *("evaluate", "x.dat", "--input-format", "demo", "--mt", "demo:now", "-m", "demo"),
        *("--csv", "b.csv"),
    )
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_its_errors_are_one_line_and_what_is_unknown_is_told_with_its_names(run):
    Path("y.demo").write_text("a | b\n", "utf-8")
    said = run("evaluate", "y.demo", "--mt", "demo:now", code=2).stderr
    assert "y.demo:1: no line of three parts" in said
    for option, value, names in (
        ("-m", "meteor", "bleu, chrf, chrf++, ter"),
        ("--mt", "ftp:x", "cmd, openai, demo"),
        ("--report", "pdf=out", "mt-metrics-eval, demo"),
        ("--input-format", "pdf", "xliff, po, demo"),
    ):
        said = run("evaluate", "x.demo", "--mt", "demo:now", option, value, code=2).stderr
        assert names in said
        assert "demo" in said
    said = run("evaluate", "x.demo", "-m", "demo:x", "--mt", "demo:now", code=2).stderr
    assert "demo takes no argument" in said


def test_a_part_of_it_that_cannot_be_loaded_stops_only_those_who_ask_for_it(run):
    said = run("evaluate", "x.demo", "--mt", "lost:x", code=2).stderr
    assert "kind of system 'lost' (evalkit_demo.missing:open_lost) cannot be loaded" in said
    assert said.count("\n") == 1
    said = run("evaluate", "x.demo", "--input-format", "lost", "--mt", "demo:now", code=2).stderr
    assert "format 'lost' (evalkit_demo.missing:read_lost) cannot be loaded" in said
    Path("x.txt").write_text("Дом стоит.\nThe house stands.\n", "utf-8")
    run("evaluate", "x.txt", "--mt", "demo:now", "-m", "demo", "--csv", "out.csv")
    assert [row["demo"] for row in rows("out.csv")] == ["1.5"]

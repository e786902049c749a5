"""A target that cannot be written: one clear line, and nothing half-written."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError

WRITERS = {
    "to_csv": "out.csv",
    "to_json": "out.json",
    "to_html": "out.html",
    "to_markdown": "out.md",
    "to_latex": "out.tex",
    "to_mt_metrics_eval": "folder",
}
every_writer = pytest.mark.parametrize("writer", WRITERS)
every_format = pytest.mark.parametrize(
    "name", ["out.csv", "out.csv.gz", "out.csv.xz", "out.csv.zst", "out.parquet"]
)


# No file may grow past twenty bytes: what a full disk does, at a place a test can choose. In a process of its own, whose
# output goes to a pipe, because the limit is for all its files; -B, because it would cut byte code as well.
ON_A_FULL_DISK = """
import pickle, resource, signal, sys
evaluation = pickle.load(sys.stdin.buffer)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
try:
    getattr(evaluation, sys.argv[1])(sys.argv[2])
except Exception as error:
    print(type(error).__name__, error)
"""


def written_on_a_full_disk(evaluation, writer: str, target: Path) -> str:
    """What is said when ``evaluation.writer(target)`` is called on a full disk."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", ON_A_FULL_DISK, writer, target],
        input=pickle.dumps(evaluation),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def fails(write, target: Path) -> None:
    with pytest.raises(EvalkitError) as caught:
        write(target)
    message = str(caught.value)
    assert "cannot write" in message and target.name in message and "\n" not in message


@every_writer
def test_a_full_disk(three, tmp_path, writer):
    target = tmp_path / WRITERS[writer]
    if writer != "to_mt_metrics_eval":
        target.write_text("before")
    said = written_on_a_full_disk(three, writer, target)
    assert said.startswith("EvalkitError cannot write") and said.count("\n") == 1
    left = {p.name: p.read_text() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == ({} if writer == "to_mt_metrics_eval" else {target.name: "before"})


@every_format
def test_a_full_disk_in_every_form_of_the_table(three, tmp_path, name):
    said = written_on_a_full_disk(three, "to_csv", tmp_path / name)
    assert "cannot write" in said and name in said and said.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("writer", [w for w in WRITERS if w != "to_mt_metrics_eval"])
def test_a_missing_folder(three, tmp_path, writer):
    fails(getattr(three, writer), tmp_path / "missing" / WRITERS[writer])
    assert not list(tmp_path.iterdir())


@every_writer
def test_a_folder_that_may_not_be_written(three, writer, tmp_path):
    # /proc refuses new files even to root, whom a read-only folder does not stop.
    folder = Path("/proc/self") if os.geteuid() == 0 else tmp_path / "read-only"
    if not folder.exists():
        folder.mkdir(mode=0o500)
    fails(getattr(three, writer), folder / WRITERS[writer])


@pytest.mark.parametrize("writer", [w for w in WRITERS if w != "to_mt_metrics_eval"])
def test_a_target_that_is_a_folder(three, tmp_path, writer):
    (tmp_path / WRITERS[writer]).mkdir()
    fails(getattr(three, writer), tmp_path / WRITERS[writer])


def test_a_folder_of_score_files_where_a_file_is(three, tmp_path):
    (tmp_path / "folder").write_text("a file")
    fails(three.to_mt_metrics_eval, tmp_path / "folder")

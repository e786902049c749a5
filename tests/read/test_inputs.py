"""Many inputs: folders, globs, archives and lists; names and pairs; what cannot be read does not stop the rest."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from evalkit.errors import InputError
from evalkit.files import archives
from evalkit.plan import Plan
from evalkit.read import open_inputs
from evalkit.read.finding import pairs_by_name
from evalkit.read.options import Options

TEXT = "Паром вернулся на реку.\nThe ferry is back on the river.\n"
ROWS = "source\tprovided\nДа.\tYes.\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Make a folder of files, given as path and content, and work in it."""

    def make(**files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def opened(*paths, **options):
    intake = open_inputs(Plan(inputs=tuple(map(str, paths))).with_options(options))
    return intake, [document.name for document in intake.documents]


def test_a_folder_gives_a_document_a_file_named_by_its_relative_path(tree):
    tree(**{"d/b.txt": TEXT, "d/a.tsv": ROWS, "d/sub/c.txt": TEXT})
    for folder in ("d", "./d/", Path("d").resolve()):
        intake, names = opened(folder)
        assert names == ["a.tsv", "b.txt", "sub/c.txt"]
    assert intake.many and len(intake.files) == 3 and not intake.failures


def test_what_systems_and_programs_leave_in_folders_is_no_input(tree):
    tree(
        **{
            "d/a.txt": TEXT,
            "d/.hidden/x.txt": TEXT,
            "d/~$a.docx": b"lock",
            "d/__MACOSX/a.txt": TEXT,
            "d/picture.png": b"\x89PNG\r\n\x1a\n",
            "d/page.css": "p { color: red }",
            "d/odd.dat": ROWS,
            "d/out.csv": "document,pair,status\r\n",
        }
    )
    intake, names = opened("d", reports={"csv": "d/out.csv"})
    assert names == ["a.txt", "odd.dat"]
    assert "2 files of unknown kinds left out (1 .css, 1 .png)" in intake.warnings[0]


def test_globs_lists_and_several_paths(tree):
    tree(
        **{"d/b.txt": TEXT, "d/a.txt": TEXT, "e/deep/a.txt": TEXT, "list": "d/b.txt\n\n e/deep\r\n"}
    )
    assert opened("d/*.txt")[1] == ["a.txt", "b.txt"]
    assert opened("**/a.txt")[1] == ["d/a.txt", "e/deep/a.txt"]
    assert opened("e", "d/b.txt", "d/b.txt", "d")[1] == ["d/a.txt", "d/b.txt", "e/deep/a.txt"]
    intake = open_inputs(Plan(from_list="list"))
    assert [document.name for document in intake.documents] == ["d/b.txt", "e/deep/a.txt"]
    with pytest.raises(InputError, match=r"no file fits 'd/\*\.doc'"):
        opened("d/*.doc")
    with pytest.raises(InputError, match="no file to read in e/empty"):
        Path("e/empty").mkdir()
        opened("e/empty")


def test_a_name_with_marks_of_a_glob_is_a_name(tree):
    tree(**{"a[1].txt": TEXT})
    intake, names = opened("a[1].txt")
    assert names == ["a[1]"] and not intake.many


def zip_of(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def tar_of(files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    return data.getvalue()


FILES = {"x/b.en.txt": "The house.\n", "x/b.ru.txt": "Дом.\n", "a.tsv": ROWS, "__MACOSX/a.tsv": "x"}
ARCHIVES = {
    "z.zip": zip_of(FILES),
    "z.tar": tar_of(FILES),
    "z.tar.gz": gzip.compress(tar_of(FILES)),
    "z.tgz": gzip.compress(tar_of(FILES)),
    "z.tar.bz2": bz2.compress(tar_of(FILES)),
    "z.txz": lzma.compress(tar_of(FILES)),
    "z.tar.zst": zstandard.ZstdCompressor().compress(tar_of(FILES)),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_is_a_folder(tree, name):
    tree(**{name: ARCHIVES[name], "d/c.txt": TEXT})
    intake, names = opened(name)
    assert names == ["a.tsv", "x/b.ru.txt"]
    assert intake.files[1].path == f"{name}/x/b.ru.txt"
    assert opened(name, "d")[1] == ["d/c.txt", f"{name}/a.tsv", f"{name}/x/b.ru.txt"]
    assert sorted(Path.cwd().iterdir()) == [Path.cwd() / "d", Path.cwd() / name]


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_damaged_archive_is_one_failure(tree, name):
    tree(**{f"d/{name}": ARCHIVES[name][: len(ARCHIVES[name]) // 3], "d/c.txt": TEXT})
    intake, names = opened("d")
    if not intake.failures:  # a plain tar cut between two files has lost the later ones
        assert name == "z.tar"
        return
    assert names[0] == "c.txt"
    assert name in intake.failures[0].reason and "\n" not in intake.failures[0].reason


def test_an_archive_in_an_archive_and_a_locked_one_are_failures(tree):
    inner = zip_of({"a.txt": TEXT})
    tree(**{"a.zip": zip_of({"in.zip": inner, "b.txt": TEXT})})
    intake, names = opened("a.zip")
    assert names == ["b.txt"]
    assert "an archive in an archive: unpack it first" in intake.failures[0].reason


def test_an_archive_made_to_fill_the_memory_is_refused(tree, monkeypatch):
    monkeypatch.setattr(archives, "BOMB_BYTES", 1 << 20)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("bomb.txt", b"\0" * (1 << 23))
        archive.writestr("a.txt", TEXT)
    tar = tar_of({"bomb.txt": "\0" * (1 << 24)})
    tree(**{"d/b.zip": data.getvalue(), "d/c.tar.xz": lzma.compress(tar)})
    intake, names = opened("d")
    assert names == ["b.zip/a.txt"]
    assert all("expands more than 1000 times" in failure.reason for failure in intake.failures)
    assert len(intake.failures) == 2


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["x.ru.txt", "x.en.txt"], [("x.ru.txt", "x.en.txt")]),
        (["ru/x.txt", "en/x.txt", "en/y.txt"], [("ru/x.txt", "en/x.txt")]),
        (["x.ru", "x.en"], [("x.ru", "x.en")]),
        (["ru.txt", "en.txt"], [("ru.txt", "en.txt")]),
        (["x_RU.docx", "x_EN.docx"], [("x_RU.docx", "x_EN.docx")]),
        (["f-ru-RU.srt", "f-en-US.srt"], [("f-ru-RU.srt", "f-en-US.srt")]),
        (["ru/x.ru.md", "en/x.en.md"], [("ru/x.ru.md", "en/x.en.md")]),
        (["en/x.ru.txt", "en/x.en.txt"], [("en/x.ru.txt", "en/x.en.txt")]),
        (["a/ru/b/x.txt", "a/en/b/x.txt"], [("a/ru/b/x.txt", "a/en/b/x.txt")]),
        # No code stands within a word, tables hold both sides, and other languages are others.
        (["true.txt", "teen.txt"], []),
        (["app.ru.po", "app.en.po"], []),
        (["x.de.txt", "x.en.txt"], []),
        (["x.ru.txt", "y.en.txt"], []),
    ],
)
def test_two_sides_are_found_by_their_names(names, expected):
    assert pairs_by_name(names, Options()) == expected


def test_sides_may_be_of_other_languages(tree):
    tree(**{"d/x.de.txt": "Das Haus.\n", "d/x.en.txt": "The house.\n"})
    intake = open_inputs(Plan(inputs=("d",), language_pair="de-en"))
    (document,) = intake.documents
    assert document.name == document.input == "x.de.txt"
    assert [(row.source, row.provided) for row in document.rows] == [("Das Haus.", ("The house.",))]


def test_a_table_names_its_documents_after_itself(tree):
    table = "document\tru\ten\none\tДа.\tYes.\ntwo\tНет.\tNo.\n"
    tree(**{"d/a.tsv": table, "d/b.tsv": table})
    intake = open_inputs(Plan(inputs=("d",)))
    found = list(intake.documents)
    assert [d.name for d in found] == ["a.tsv/one", "a.tsv/two", "b.tsv/one", "b.tsv/two"]
    assert [(d.input, d.position) for d in found] == [
        ("a.tsv", 0),
        ("a.tsv", 1),
        ("b.tsv", 0),
        ("b.tsv", 1),
    ]


def test_what_cannot_be_read_is_a_failure_and_the_rest_is_read(tree):
    tree(**{"d/a.tsv": "x\ty\n1\t2\n", "d/b.txt": TEXT, "d/c.pdf": b"%PDF-1.4", "d/e.txt": b""})
    intake, names = opened("d", "d/none.txt")
    assert names == ["b.txt"]
    assert [failure.input for failure in intake.failures] == ["a.tsv", "c.pdf", "e.txt", "none.txt"]
    reasons = [failure.reason for failure in intake.failures]
    for reason, said in zip(
        reasons, ["no column looks like", "PDF", "is empty", "No such file"], strict=True
    ):
        assert said in reason
    with pytest.raises(InputError, match=r"a\.tsv cannot be read: .*no column"):
        opened("d", strict=True)


def test_when_nothing_can_be_read_the_run_ends(tree):
    tree(**{"d/a.txt": b"", "d/b.txt": b""})
    with pytest.raises(InputError, match=r"none of the 2 inputs can be read; the first, a\.txt: "):
        opened("d")


def test_columns_of_translations_are_wanted_of_every_input(tree):
    tree(**{"d/a.tsv": "ru\ten\tmt\nДа.\tYes.\tYeah.\n", "d/b.txt": TEXT})
    intake, names = opened("d", translation_columns=("mt",))
    assert names == ["a.tsv"]
    assert "--translation-column" in intake.failures[0].reason


def test_a_reader_that_breaks_is_a_failure_like_any(tree, monkeypatch):
    from evalkit.read import tables

    def broken(*arguments):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(tables, "read_tsv", broken)
    tree(**{"d/a.tsv": ROWS, "d/b.txt": TEXT})
    intake, names = opened("d")
    assert names == ["b.txt"]
    assert intake.failures[0].reason == "ZeroDivisionError: oops"


def test_inputs_are_read_as_they_are_asked_for(tree):
    tree(**{f"d/{k}.txt": TEXT for k in range(5)})
    intake = open_inputs(Plan(inputs=("d",)))
    documents = iter(intake.documents)
    next(documents)
    assert len(intake.files) == 1


def test_standard_input_is_read_alone(tree):
    tree(**{"a.txt": TEXT})
    with pytest.raises(InputError, match="standard input is read alone"):
        opened("-", "a.txt")


def test_inputs_are_named_in_one_way(tree):
    for plan in (
        Plan(inputs=("a",), test_set="wmt21"),
        Plan(source="a", test_set="wmt21"),
        Plan(from_list="a", source="b"),
    ):
        with pytest.raises(InputError, match="give one of"):
            open_inputs(plan)


def test_an_unknown_file_that_is_named_itself_is_read(tree):
    tree(**{"d/a.txt": TEXT, "d/notes.css": TEXT})
    assert opened("d")[1] == ["a.txt"]
    assert opened("d", "d/notes.css")[1] == ["a.txt", "notes.css"]


def test_a_warning_that_many_inputs_share_is_given_three_times_and_counted(tree):
    tree(**{f"d/{k}.txt": ROWS for k in range(10)})
    intake, _ = opened("d")
    said = intake.summary()
    assert len(said) == 4 and said[0].startswith("d/0.txt: read as tsv")
    assert said[3].startswith("and 7 times more: read as tsv")


def test_a_file_named_twice_is_read_once_and_a_pipe_in_a_folder_is_not_waited_for(tree):
    import os

    folder = tree(**{"d/a.txt": TEXT})
    os.mkfifo(folder / "d" / "b.txt")
    (folder / "d" / "c.txt").symlink_to("nowhere")
    intake, names = opened("d", "./d/a.txt", folder / "d" / "a.txt")
    assert names == ["a.txt"]
    assert [failure.input for failure in intake.failures] == ["c.txt"]


def test_two_sides_that_were_given_as_documents_are_told_the_way(tree):
    tree(**{"a.ru": "Дом стоит.\n", "b.en": "The house stands.\n", "c.txt": TEXT})
    with pytest.raises(
        InputError, match=r"if they are two sides of one text, give -s a\.ru -p b\.en"
    ):
        opened("b.en", "a.ru")
    assert opened("a.ru", "c.txt")[1] == ["a.ru", "c.txt"]

"""Files, standard input, compression; what is no text is refused in one clear line."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma

import pytest
import zstandard

from evalkit.errors import InputError
from evalkit.files import opening

TEXT = "Первая строка.\nВторая строка.\n".encode()
COMPRESS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("suffix", COMPRESS)
def test_compressed_files_are_read_by_suffix_and_hashed_as_they_are(read_file, write, suffix):
    raw = COMPRESS[suffix](TEXT)
    corpus = read_file(source=write(f"a.ru{suffix}", raw))
    assert [row.source for row in corpus.rows] == ["Первая строка.", "Вторая строка."]
    assert corpus.files[0].sha256 == hashlib.sha256(raw).hexdigest()
    assert corpus.files[0].bytes == len(raw)


@pytest.mark.parametrize("suffix", COMPRESS)
def test_compressed_tables_are_known_by_the_inner_suffix(read_file, write, suffix):
    raw = COMPRESS[suffix]("source\tprovided\nДа.\tYes.\n".encode())
    assert read_file(write(f"a.tsv{suffix}", raw)).rows[0].provided == ("Yes.",)


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("damage", [lambda raw: raw[:-6], lambda raw: b"no such thing"])
def test_damaged_compression_is_one_line(read_file, write, suffix, damage):
    path = write(f"a.ru{suffix}", damage(COMPRESS[suffix](TEXT * 50)))
    with pytest.raises(InputError, match=r"a\.ru\.\w+ is not a whole \.\w+ file"):
        read_file(source=path)


def test_a_compression_bomb_is_refused(read_file, write, monkeypatch):
    monkeypatch.setattr(opening, "BOMB_BYTES", 1 << 22)
    path = write("a.ru.xz", lzma.compress(b"\n" * (1 << 25)))
    with pytest.raises(InputError, match="expands more than 1000 times"):
        read_file(source=path)


def test_standard_input(read_file, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(TEXT)

    monkeypatch.setattr("sys.stdin", Stdin)
    corpus = read_file(source="-")
    assert corpus.files[0].path == "-"
    assert len(corpus.rows) == 2


def test_standard_input_can_be_given_once(read_file):
    with pytest.raises(InputError, match="standard input can be read once"):
        read_file(source="-", provided="-")


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(read_file, write, content):
    with pytest.raises(InputError, match="is empty"):
        read_file(source=write("a.ru", content))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04rest", "office file"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (gzip.compress(TEXT, mtime=0), r"\.gz"),
        (b"text\x00\x01\x02 and more", "zero byte at offset 4"),
    ],
)
def test_a_binary_file_is_an_error_that_says_what_it_is(read_file, write, content, what):
    with pytest.raises(InputError, match=what):
        read_file(source=write("a.ru", content))


def test_missing_files_and_folders(read_file, tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*none\.ru: No such file"):
        read_file(source=tmp_path / "none.ru")
    with pytest.raises(InputError, match=r"cannot read .*directory"):
        read_file(source=tmp_path)


def test_input_must_be_given_one_way(read_file, write):
    path = write("a.txt", "Да.")
    for arguments in ({}, {"document": path, "source": path}, {"document": path, "provided": path}):
        with pytest.raises(InputError, match="give"):
            read_file(**arguments)
    with pytest.raises(InputError, match="unknown format"):
        read_file(path, format="docx")
    with pytest.raises(InputError, match="both sides in one file"):
        read_file(source=path, format="tmx")

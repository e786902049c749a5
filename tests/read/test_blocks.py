"""Rows come as documents: what stands together under one name, in blocks small enough for a shard."""

from __future__ import annotations

from evalkit.data import Row
from evalkit.read.blocks import BLOCK_ROWS, row_documents


def rows(*names: str) -> list[tuple[str, Row]]:
    return [(name, Row(f"{k}", ("",), line=k)) for k, name in enumerate(names)]


def test_each_stretch_of_one_name_is_a_document():
    found = list(row_documents(rows("a", "a", "b", "", "", "a"), "input"))
    assert [(d.name, len(d.rows), d.position) for d in found] == [
        ("a", 2, 0),
        ("b", 1, 1),
        ("", 2, 2),
        ("a", 1, 3),
    ]
    assert {d.input for d in found} == {"input"}


def test_a_long_stretch_is_cut_into_blocks_and_nothing_is_lost_or_moved():
    given = rows(*["a"] * (2 * BLOCK_ROWS + 5), "b")
    found = list(row_documents(given, ""))
    assert [(d.name, len(d.rows)) for d in found] == [
        ("a", BLOCK_ROWS),
        ("a", BLOCK_ROWS),
        ("a", 5),
        ("b", 1),
    ]
    assert [row for d in found for row in d.rows] == [row for _, row in given]


def test_documents_come_as_they_are_asked_for():
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield "a", Row("x", ("y",))

    first = next(row_documents(endless(), ""))
    assert len(first.rows) == BLOCK_ROWS
    assert len(taken) <= BLOCK_ROWS + 1


def test_a_table_larger_than_a_block(read_file, write):
    lines = [f"Слово {k}\tWord {k}" for k in range(BLOCK_ROWS + 1)]
    found = read_file(write("a.tsv", "\n".join(["source\tprovided", *lines])))
    assert [len(d.rows) for d in found.documents] == [BLOCK_ROWS, 1]
    assert [row.line for row in found.rows] == list(range(2, BLOCK_ROWS + 3))
    assert {d.input for d in found.documents} == {"a"}

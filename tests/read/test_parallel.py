"""A source file and provided files."""

from __future__ import annotations

import pytest

from evalkit import evaluate
from evalkit.errors import InputError

RUSSIAN = [
    "Паром вернулся.",
    "Его ждали девять лет, и дождались не все.",
    "",
    "Цена 60 рублей.",
    "Конец.",
]
ENGLISH = [
    "The ferry is back.",
    "It was awaited for nine years, and not all lived to see it.",
    "",
    "The price is 60 roubles.",
    "The end.",
]


def text(lines) -> str:
    return "".join(line + "\n" for line in lines)


def test_equal_line_counts_are_rows(read_file, write):
    corpus = read_file(source=write("a.ru", text(RUSSIAN)), provided=write("a.en", text(ENGLISH)))
    assert [(row.source, row.provided[0], row.line) for row in corpus.rows] == [
        (a, b, n) for n, (a, b) in enumerate(zip(RUSSIAN, ENGLISH, strict=True), 1) if a or b
    ]
    assert [file.role for file in corpus.files] == ["source", "provided"]


def test_blank_lines_that_separate_paragraphs_are_no_rows(write, tmp_path):
    system = write("mt.en", text(line.upper() for line in ENGLISH))
    evaluation = evaluate(
        source=write("a.ru", text(RUSSIAN)),
        provided=write("a.en", text(ENGLISH)),
        mt=f"mt=file:{system}",
        metrics=["chrf"],
    )
    pairs, rows = evaluation.pairs, evaluation.segments
    assert len(pairs) == 4 and set(pairs["status"]) == {"paired"} and set(pairs["flags"]) == {""}
    assert pairs["source_line"].tolist() == [1, 2, 4, 5]
    # Translations recorded a line each stay with their lines.
    assert rows["translation"].tolist() == [line.upper() for line in ENGLISH if line]


def test_several_provided_files_are_references_of_each_line(read_file, write):
    other = [line.upper() for line in ENGLISH]
    corpus = read_file(
        source=write("a.ru", text(RUSSIAN)),
        provided=[write("a.en", text(ENGLISH)), write("b.en", text(other))],
    )
    assert corpus.rows[1].provided == (ENGLISH[1], other[1])
    with pytest.raises(InputError, match=r"b\.en has 4"):
        read_file(
            source=write("a.ru", text(RUSSIAN)),
            provided=[write("a.en", text(ENGLISH)), write("b.en", text(other[1:]))],
        )


def test_the_source_alone_is_rows_without_provided_text(read_file, write):
    assert [row.provided for row in read_file(source=write("a.ru", "Да.\nНет.\n")).rows] == [(), ()]


def test_unequal_line_counts_are_texts_to_align(read_file, write):
    corpus = read_file(
        source=write("a.ru", text(RUSSIAN)), provided=write("a.en", text(ENGLISH[:-1]))
    )
    (document,) = corpus.documents
    assert document.name == "a"
    assert [(s.text, s.line, s.paragraph) for s in document.source] == [
        (RUSSIAN[0], 1, 0),
        (RUSSIAN[1], 2, 1),
        (RUSSIAN[3], 4, 2),
        (RUSSIAN[4], 5, 3),
    ]
    assert len(document.provided) == 3


@pytest.mark.parametrize("missing", range(5))
def test_lines_of_unequal_count_are_an_error_that_names_the_shift(read_file, write, missing):
    source = [f"Предложение номер {n}, и оно {'очень ' * (n % 4)}длинное." for n in range(40)]
    provided = [f"Sentence number {n}, and it is {'very ' * (n % 4)}long." for n in range(40)]
    del provided[missing * 9]
    with pytest.raises(InputError) as caught:
        read_file(
            source=write("a.ru", text(source)),
            provided=write("a.en", text(provided)),
            align="lines",
        )
    assert "a.ru has 40 lines" in str(caught.value) and "a.en has 39" in str(caught.value)
    assert f"shifted from line {missing * 9 + 1} on" in str(caught.value)


def test_the_shifted_line_is_found_in_real_text(read_file, wmt21, write):
    source = (wmt21 / "source.ru").read_text(encoding="utf-8").split("\n")[:-1]
    provided = (wmt21 / "reference.A.en").read_text(encoding="utf-8").split("\n")[:-1]
    away = []
    for missing in range(20, 1000, 70):
        rest = provided[:missing] + provided[missing + 1 :]
        with pytest.raises(InputError) as caught:
            read_file(
                source=write("a.ru", text(source)),
                provided=write("a.en", text(rest)),
                align="lines",
            )
        found = int(str(caught.value).partition("from line ")[2].split()[0])
        away.append(abs(found - missing - 1))
    assert max(away) <= 3


def test_documents_name_the_rows(read_file, write):
    names = write("documents.txt", "a\na\nb\nb\nb\n")
    corpus = read_file(
        source=write("a.ru", text(RUSSIAN)),
        provided=write("a.en", text(ENGLISH)),
        documents=names,
    )
    # The third line is blank on both sides, and no row.
    assert corpus.names == list("aabb")
    assert [row.line for row in corpus.rows] == [1, 2, 4, 5]


def test_documents_are_borders_for_alignment(read_file, write):
    corpus = read_file(
        source=write("a.ru", text(RUSSIAN)),
        provided=write("a.en", text(ENGLISH[:3])),
        documents=write("s.txt", "a\na\nb\nb\nb\n"),
        provided_documents=write("p.txt", "a\nc\nb\n"),
    )
    found = {d.name: (len(d.source), len(d.provided)) for d in corpus.documents}
    assert found == {"a": (2, 1), "c": (0, 1), "b": (2, 0)}
    assert list(found) == ["a", "c", "b"]
    assert [segment.line for segment in corpus.documents[2].source] == [4, 5]


def test_documents_must_fit_the_lines(read_file, write):
    source, provided = write("a.ru", text(RUSSIAN)), write("a.en", text(ENGLISH[:3]))
    with pytest.raises(InputError, match=r"names the documents of 1 lines, but .* has 5"):
        read_file(source=source, documents=write("s.txt", "a\n"))
    with pytest.raises(InputError, match="--provided-documents"):
        read_file(source=source, provided=provided, documents=write("s.txt", "a\n" * 5))

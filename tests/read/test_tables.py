"""TSV, CSV, JSON Lines, XLSX."""

from __future__ import annotations

import json

import pytest

from evalkit.errors import InputError


def pairs(corpus):
    return [(row.source, row.provided) for row in corpus.rows]


@pytest.mark.parametrize(
    "header",
    [
        "source\tprovided",
        "src\tref",
        "RU\tEN",
        "ru-RU\ten_US",
        "Russian\tEnglish",
        "Оригинал\tПеревод",
    ],
)
def test_columns_are_found_by_their_usual_names(read_file, write, header):
    corpus = read_file(write("a.tsv", f"{header}\nДа.\tYes.\n"))
    assert pairs(corpus) == [("Да.", ("Yes.",))]
    assert corpus.rows[0].line == 2


def test_columns_named_by_the_user(read_file, write):
    path = write("a.tsv", "text\tone\ttwo\tgroup\tkey\tmt\nДа.\tYes.\tYep.\tnews\t7\tYeah.\n")
    corpus = read_file(
        path,
        source_column="text",
        provided_columns=["one", "3"],
        document_column="group",
        id_column="key",
        translation_columns=["opus=mt"],
    )
    (row,) = corpus.rows
    assert (row.source, row.provided) == ("Да.", ("Yes.", "Yep."))
    assert (corpus.names[0], row.id, row.recorded) == ("news", "7", {"opus": "Yeah."})


def test_an_unknown_column_lists_those_there_are(read_file, write):
    path = write("a.csv", "a,b\nДа.,Yes.\n")
    with pytest.raises(
        InputError, match=r"no column looks like the source.*--source-column.*'a', 'b'"
    ):
        read_file(path)
    with pytest.raises(InputError, match="has no column 'c': its columns are 'a', 'b'"):
        read_file(path, source_column="c", provided_columns=["b"])


def test_a_choice_between_columns_is_told(read_file, write):
    corpus = read_file(write("a.tsv", "source\ttarget\treference\nДа.\tYes.\tYep.\n"))
    assert pairs(corpus) == [("Да.", ("Yes.",))]
    assert "column 'target' was taken, not 'reference'" in corpus.warnings[0]


@pytest.mark.parametrize("line", ["Привет, мир\tHello, world", "Hello, world\tПривет, мир"])
def test_two_columns_without_a_header_are_told_by_script(read_file, write, line):
    corpus = read_file(
        write("a.tsv", line + "\nДа\tYes\n" if line[0] == "П" else line + "\nYes\tДа\n")
    )
    assert pairs(corpus) == [("Привет, мир", ("Hello, world",)), ("Да", ("Yes",))]
    assert "no header" in corpus.warnings[0]


def test_quotation_marks_are_text_in_tsv(read_file, write):
    corpus = read_file(write("a.tsv", 'source\tprovided\n"Да", — сказал он.\t"Yes," he said.\n'))
    assert pairs(corpus) == [('"Да", — сказал он.', ('"Yes," he said.',))]


def test_csv_cells_hold_commas_quotes_and_line_ends(read_file, write):
    path = write("a.csv", 'source,provided\r\n"Да, ""так"".","Yes,\nso."\r\nНет.,No.\r\n')
    corpus = read_file(path)
    assert pairs(corpus) == [('Да, "так".', ("Yes,\nso.",)), ("Нет.", ("No.",))]
    assert [row.line for row in corpus.rows] == [2, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters_are_told_by_the_header(read_file, write, delimiter):
    assert pairs(read_file(write("a.csv", f"ru{delimiter}en\nДа{delimiter}Yes\n"))) == [
        ("Да", ("Yes",))
    ]


def test_csv_in_a_legacy_encoding(read_file, write):
    corpus = read_file(
        write("a.csv", "оригинал;перевод\nПаром вернулся.;The ferry is back.\n", "cp1251")
    )
    assert corpus.files[0].encoding == "cp1251"
    assert pairs(corpus) == [("Паром вернулся.", ("The ferry is back.",))]


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("a.csv", 'source,provided\n"Да" нет,Yes\n', "line 2: not a row of CSV"),
        ("a.csv", 'source,provided\nДа,Yes\n"Нет,No\n', "line 3: not a row of CSV"),
        ("a.csv", "source,provided\nДа, нет,Yes\n", "line 2: 3 cells where the header has 2"),
        ("a.jsonl", '{"source": "Да", "provided": "Yes"}\n{"source": \n', "line 2: not JSON"),
        ("a.jsonl", '{"source": "Да", "provided": "Yes"}\n[1]\n', "line 2: not a JSON object"),
        ("a.jsonl", '{"source": "Да", "provided": ' + "[" * 100_000, "line 1: not JSON"),
        ("a.tsv", "source\tprovided\n", "a header and no rows"),
        ("a.xlsx", b"no workbook", "not a workbook"),
    ],
)
def test_bad_rows_are_an_error_with_their_line(read_file, write, name, content, where):
    with pytest.raises(InputError, match=where) as caught:
        read_file(write(name, content))
    assert "\n" not in str(caught.value)


def test_missing_cells_are_empty(read_file, write):
    assert pairs(read_file(write("a.tsv", "source\tprovided\nДа\n\tYes\n"))) == [
        ("Да", ("",)),
        ("", ("Yes",)),
    ]


def test_jsonl(read_file, write):
    lines = [
        {"ru": "Да\u2028нет", "en": "Yes", "doc": "d", "id": 5},
        {"ru": "Нет", "en": None, "doc": "d"},
    ]
    corpus = read_file(
        write("a.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    )
    assert pairs(corpus) == [("Да\u2028нет", ("Yes",)), ("Нет", ("",))]
    assert (corpus.names[0], corpus.rows[0].id) == ("d", "5")


def test_half_a_surrogate_pair_cannot_reach_the_output(read_file, write):
    (row,) = read_file(write("a.jsonl", r'{"ru": "Да \ud83d", "en": "Yes"}')).rows
    assert (row.source, row.flags) == ("Да \ufffd", ("replaced_bytes",))


def test_xlsx(read_file, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["Source", "Target", "Id"],
        ["Да.", "Yes.", 1],
        [None, None, None],
        ["Нет.", None, 2],
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    corpus = read_file(tmp_path / "a.xlsx")
    assert pairs(corpus) == [("Да.", ("Yes.",)), ("Нет.", ("",))]
    assert [row.line for row in corpus.rows] == [2, 4]


def test_a_cell_longer_than_the_csv_module_allows(read_file, write):
    text = "слово " * 100_000
    assert read_file(write("a.csv", f"source,provided\n{text},word\n")).rows[0].source == text

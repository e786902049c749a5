"""DOCX, HTML, Markdown and PDF: files that real programs wrote, and what they hold that is easily lost."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evalkit.errors import InputError

REAL = Path(__file__).parent / "real"
BREAK = "Паром вернулся на реку после долгого перерыва."
PAIRS = [
    ("Кошка спит на диване.", "The cat sleeps on the sofa."),
    ("Дом стоит у реки.", "The house stands by the river."),
]


def texts(found):
    """(source paragraphs, provided paragraphs, rows) of an input."""
    source = [segment.text for document in found.documents for segment in document.source]
    provided = [segment.text for document in found.documents for segment in document.provided]
    return source, provided, [(row.source, row.provided[0]) for row in found.rows]


@pytest.fixture
def docx_file(tmp_path):
    import docx

    def save(name, *blocks):
        document = docx.Document()
        for block in blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
                continue
            table = document.add_table(rows=len(block), cols=len(block[0]))
            for row, cells in zip(table.rows, block, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        path = tmp_path / name
        document.save(path)
        return path

    return save


def test_docx_of_pandoc_with_tracked_changes_a_footnote_and_a_table(read_file):
    source, provided, rows = texts(read_file(REAL / "pandoc.docx"))
    # The insertion is in, the deletion is out, the note comes last.
    assert source == [
        "Паром вернулся",
        f"{BREAK} Цена билета — шестьдесят рублей.",
        "Мост закрыли в прошлом году.",
    ]
    assert provided == [
        "The ferry is back on the river after a long break. The ticket costs sixty rubles."
    ]
    assert rows == PAIRS


def test_html_of_pandoc_has_no_footnote_marks(read_file):
    source, _, rows = texts(read_file(REAL / "pandoc.html"))
    assert source[1].startswith(f"{BREAK} ") and source[-1] == "Мост закрыли в прошлом году."
    assert rows == PAIRS


def test_html_of_a_browser_without_its_menus(read_file):
    found = read_file(REAL / "chromium.html")
    source, provided, rows = texts(found)
    assert source[0] == "Паром вернулся" and source[-1] == "Этот абзац вставлен программой."
    assert provided[-1] == "This paragraph was inserted by a program."
    assert rows == PAIRS
    everything = " ".join(source + provided)
    assert "Новости" not in everything and "защищены" not in everything
    assert "9 words of menus, page headers and the like left out" in found.warnings[0]


def test_pdf_of_a_browser(read_file):
    found = read_file(REAL / "chromium.pdf")
    source, provided, _ = texts(found)
    assert source == [
        "Паром вернулся",
        "Паром вернулся на реку после долгого перерыва, и все горожане этому очень рады. Мэр"
        " города Ольга Климова приехала на открытие самой первой.",
    ]
    assert len(provided) == 1 and provided[0].endswith("came to the opening first.")
    assert found.files[0].format == "pdf"


def test_markdown_of_pandoc(read_file):
    _, provided, rows = texts(read_file(REAL / "pandoc.md"))
    assert provided == [
        "The ferry is back on the river after a long break. The ticket costs sixty rubles."
    ]
    assert rows == PAIRS


def test_markdown(read_file, write):
    path = write(
        "notes.md",
        "---\ntitle: Заметки\n---\n\n# Паром\n\n- **Первый** [пункт](http://x.org)\n- First item\n\n"
        "Строка\nи её конец.\nA line\nand its end.\n\n```\ncode = 1\n```\n\n"
        "| Русский | English |\n|---|---|\n| Дом | House |\n| Кот \\| пёс | Cat |\n",
    )
    found = read_file(path)
    source, provided, rows = texts(found)
    assert source == ["Паром", "Первый пункт", "Строка и её конец."]
    assert provided == ["First item", "A line and its end."]
    assert rows == [("Дом", "House"), ("Кот | пёс", "Cat")]
    assert any("1 blocks of code left out" in warning for warning in found.warnings)


def test_a_table_of_three_columns_has_its_pairs_found_by_language(read_file, docx_file):
    path = docx_file(
        "a.docx",
        "Введение в тему.",
        [("1", "The house stands.", "Дом стоит."), ("2", "The cat sleeps.", "Кот спит.")],
        [("Итого", "12"), ("Всего", "14")],
    )
    source, _, rows = texts(read_file(path))
    assert rows == [("Дом стоит.", "The house stands."), ("Кот спит.", "The cat sleeps.")]
    assert source == ["Введение в тему.", "Итого", "12", "Всего", "14"]


def test_two_files_of_any_such_format_are_two_sides(read_file, docx_file, write):
    left = docx_file("a.ru.docx", "Дом стоит.", "Кот спит.")
    right = write("a.en.html", "<html><p>The house stands.<p>The cat sleeps.</html>")
    found = read_file(source=left, provided=right)
    assert [(row.source, row.provided[0]) for row in found.rows] == [
        ("Дом стоит.", "The house stands."),
        ("Кот спит.", "The cat sleeps."),
    ]
    assert [file.format for file in found.files] == ["docx", "html"]


def test_deep_nesting_loses_nothing_or_is_refused(read_file, write):
    def nested(depth):
        return write("a.html", "<html>" + "<div>" * depth + "Привет" + "</div>" * depth)

    assert texts(read_file(nested(500)))[0] == ["Привет"]
    with pytest.raises(InputError, match="cannot be read as HTML"):
        read_file(nested(100_000))


def test_a_page_in_an_old_encoding_says_so_itself(read_file, write):
    page = "<html><head><meta charset=koi8-r></head><body><p>Привет, мир<p>Hello</body></html>"
    found = read_file(write("a.html", page, "koi8-r"))
    assert texts(found)[0] == ["Привет, мир"]
    assert found.files[0].encoding == "koi8-r"


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xlsx"])
@pytest.mark.parametrize(
    "content", [b"nothing of the kind", b"PK\x03\x04broken", b"%PDF-1.4 broken"]
)
def test_broken_files_are_one_line(read_file, write, name, content):
    with pytest.raises(InputError) as caught:
        read_file(write(name, content))
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_a_scan_has_no_text(read_file, tmp_path):
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(InputError, match="only pictures: put it through text recognition"):
        read_file(tmp_path / "scan.pdf")


def test_a_locked_pdf_says_so(read_file, tmp_path):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(REAL / "chromium.pdf"))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(InputError, match="locked by a password"):
        read_file(tmp_path / "locked.pdf")


def test_a_hostile_docx_is_refused(read_file, write):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(
            "word/document.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
        )
    with pytest.raises(InputError, match="declares a document type"):
        read_file(write("a.docx", data.getvalue()))


@pytest.mark.parametrize(
    ("module", "file", "said"),
    [
        ("docx", "pandoc.docx", "reading DOCX needs python-docx"),
        ("pypdf", "chromium.pdf", "reading PDF needs pypdf"),
        ("lxml", "pandoc.html", "reading HTML needs lxml"),
        ("pysubs2", "ffmpeg.ru.srt", "reading SRT needs pysubs2"),
    ],
)
def test_without_the_extra_one_line_says_what_to_install(module, file, said):
    script = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "from evalkit.plan import Plan\nfrom evalkit.read import read\n"
        "from evalkit.errors import InputError\n"
        "try: read(Plan(inputs=(sys.argv[2],)))\nexcept InputError as error: print(error)\n"
    )
    command = [sys.executable, "-c", script, module, str(REAL / file)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said in output and "pip install 'evalkit[formats]'" in output

"""Encodings are told apart exactly, on text as short as a sentence, and named."""

from __future__ import annotations

import codecs

import pytest

from evalkit.errors import InputError

SENTENCES = [
    "Паром вернулся на реку.",
    "Мэр города Ольга Климова приехала первой.",
    "«Мы не просто вернули паром», — сказала она.".replace("«", '"')
    .replace("»", '"')
    .replace("—", "-"),
    "Ещё в 2017 году мост закрыли на ремонт!",
    "ВНИМАНИЕ: переправа не работает",
    "Почему?",
    "Все довольны, цена 60 рублей.",
    "Windows и Linux поддерживаются.",
]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_one_sentence_is_enough_to_know_a_legacy_encoding(read_file, write, sentence, encoding):
    corpus = read_file(source=write("a.ru", sentence, encoding))
    assert corpus.rows[0].source == sentence
    assert corpus.files[0].encoding == encoding
    assert encoding in corpus.warnings[0]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_every_sentence_of_a_test_set_is_recognized(wmt21, encoding):
    from evalkit.files.encodings import detect

    lines = (wmt21 / "source.ru").read_text(encoding="utf-8").split("\n")[:-1]
    wrong = 0
    for line in lines:
        raw = line.encode(encoding, "ignore")
        wrong += not raw.isascii() and detect(raw)[0] != encoding
    assert wrong == 0


@pytest.mark.parametrize("text", ["The café is “nice”, isn’t it?", "Übergröße", "déjà vu"])
def test_western_text_is_not_taken_for_russian(read_file, write, text):
    assert read_file(source=write("a.txt", text, "cp1252")).rows[0].source == text


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    ],
)
def test_byte_order_marks_decide_and_are_no_text(read_file, write, mark, codec, name):
    corpus = read_file(source=write("a.ru", mark + "Да.\nНет.\n".encode(codec)))
    assert [row.source for row in corpus.rows] == ["Да.", "Нет."]
    assert corpus.files[0].encoding == name
    assert not corpus.warnings


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Да. No.\n", "Привет\n"])
def test_utf16_without_a_mark_is_refused_with_the_option_to_give(read_file, write, codec, text):
    path = write("a.ru", text, codec)
    with pytest.raises(InputError, match=f"--encoding {codec}"):
        read_file(source=path)
    assert read_file(source=path, encoding=codec).rows[0].source == text.strip()


def test_undecodable_bytes_are_an_error_with_offset_and_line(read_file, write):
    path = write("a.ru", "Первая.\nВторая ".encode() + b"\xff.\n")
    with pytest.raises(InputError) as caught:
        read_file(source=path)
    offset = len("Первая.\nВторая ".encode())
    assert f"a.ru: byte 0xff at offset {offset} (line 2) is not valid utf-8" in str(caught.value)


def test_undecodable_bytes_can_be_replaced_in_a_flagged_row(read_file, write):
    path = write("a.ru", "Первая \ufffd.\nВторая ".encode() + b"\xff.\n")
    first, second = read_file(source=path, errors="replace").rows
    assert (first.source, first.flags) == ("Первая \ufffd.", ())
    assert (second.source, second.flags) == ("Вторая \ufffd.", ("replaced_bytes",))


def test_a_byte_a_legacy_encoding_does_not_define_is_an_error_too(read_file, write):
    path = write("a.ru", "Привет, мир и ".encode("cp1251") + b"\x98")
    with pytest.raises(InputError, match="byte 0x98 at offset 14"):
        read_file(source=path)


@pytest.mark.parametrize("name", ["klingon", "rot13", "hex", "", "utf-8\0"])
def test_an_encoding_that_is_none_is_refused(read_file, write, name):
    with pytest.raises(InputError, match="unknown encoding"):
        read_file(source=write("a.ru", "Да."), encoding=name)

"""What is read is read in every pair of languages: encodings, columns, tags, bad decoding."""

from __future__ import annotations

import pytest

from evalkit.checks.flags import is_mojibake, suspicions
from evalkit.languages import known_codes, language, language_pair
from evalkit.read.bilingual import by_language

TEXTS = {
    "de": "Über die Brücke führt für Fußgänger kein größerer Weg.",
    "en": "The café is “nice”, isn’t it? – A naïve question.",
    "ru": "Ещё в прошлом году этот большой мост закрыли на ремонт.",
    "uk": "Ще торік цей великий міст, що їх з'єднує, закрили на ремонт.",
}
PAIRS = [f"{a}-{b}" for a in known_codes() for b in known_codes() if a != b]
ENCODED = [(code, name) for code in known_codes() for name in language(code).encodings]


def test_there_is_a_text_of_every_language():
    assert list(TEXTS) == known_codes()


@pytest.mark.parametrize(("code", "encoding"), ENCODED)
def test_old_encodings_of_every_language_are_recognized(read_file, write, code, encoding):
    other = "ru" if code == "en" else "en"
    path = write("a.txt", TEXTS[code], encoding)
    found = read_file(source=path, language_pair=f"{code}-{other}")
    assert found.rows[0].source == TEXTS[code]
    assert found.files[0].encoding == encoding


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("naming", [str, str.upper, lambda code: language(code).label])
def test_columns_are_found_by_the_names_of_their_languages(read_file, write, pair, naming):
    source, target = pair.split("-")
    path = write("a.tsv", f"{naming(target)}\t{naming(source)}\nb\ta\n")
    (row,) = read_file(path, language_pair=pair).rows
    assert (row.source, row.provided) == ("a", ("b",))


@pytest.mark.parametrize("pair", PAIRS)
def test_the_words_for_source_and_target_do_for_every_pair(read_file, write, pair):
    (row,) = read_file(write("a.csv", "target,source\nb,a\n"), language_pair=pair).rows
    assert (row.source, row.provided) == ("a", ("b",))


@pytest.mark.parametrize("pair", PAIRS)
def test_two_columns_without_a_header_are_told_apart(read_file, write, pair):
    source, target = pair.split("-")
    path = write("a.tsv", f"{TEXTS[target]}\t{TEXTS[source]}\n")
    found = read_file(path, language_pair=pair)
    assert (found.rows[0].source, found.rows[0].provided) == (TEXTS[source], (TEXTS[target],))
    assert "no header" in found.warnings[0]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_bilingual_text_is_sorted_by_language(read_file, write, pair):
    source, target = pair.split("-")
    path = write("a.txt", f"{TEXTS[source]}\n\n{TEXTS[target]}\n")
    (document,) = read_file(path, language_pair=pair).documents
    assert [s.text for s in document.source] == [TEXTS[source]]
    assert [s.text for s in document.provided] == [TEXTS[target]]


@pytest.mark.parametrize("pair", PAIRS)
def test_variants_of_a_tmx_are_picked_by_their_tags(read_file, write, pair):
    pytest.importorskip("translate", reason="needs translate-toolkit (evalkit[formats])")
    source, target = map(language, pair.split("-"))
    variants = "".join(
        f'<tuv xml:lang="{one.codes["mbart"].replace("_", "-")}"><seg>{TEXTS[one.code]}</seg></tuv>'
        for one in map(language, reversed(known_codes()))
    )
    tmx = f'<tmx version="1.4"><header srclang="en"/><body><tu>{variants}</tu></body></tmx>'
    (row,) = read_file(write("a.tmx", tmx), language_pair=pair).rows
    assert (row.source, row.provided) == (TEXTS[source.code], (TEXTS[target.code],))


def test_a_paragraph_in_one_script_is_not_cut():
    text = "Das ist ein Haus. This is a house, and it stands on a hill."
    assert [piece for _, piece in by_language(text, language_pair("de-en"))] == [text]


@pytest.mark.parametrize("pair", PAIRS)
def test_clean_text_of_every_pair_is_not_suspected(pair):
    source, target = pair.split("-")
    assert suspicions(TEXTS[source], (TEXTS[target],), language_pair(pair)) == ()


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1251"])
def test_utf_8_read_as_something_else_is_suspected_in_every_pair(pair, codec):
    for code in pair.split("-"):
        wrong = TEXTS[code].encode().decode(codec, "replace")
        assert is_mojibake(wrong, language_pair(pair))


@pytest.mark.parametrize(
    ("code", "made", "read"),
    [
        ("ru", "koi8-r", "cp1251"),
        ("ru", "cp1251", "koi8-r"),
        ("ru", "cp1251", "cp1252"),
        ("uk", "koi8-u", "cp1251"),
        ("uk", "cp1251", "koi8-u"),
        ("uk", "cp1251", "latin-1"),
    ],
)
def test_one_old_encoding_read_as_another_is_suspected(code, made, read):
    text = {"ru": "Привет, Ольга! Новости", "uk": "Привіт, Ольго! Новини"}[code]
    wrong = text.encode(made).decode(read, "replace")
    for pair in (f"{code}-en", f"de-{code}"):
        assert is_mojibake(wrong, language_pair(pair))
        assert not is_mojibake(text, language_pair(pair))

"""Every file of `evalkit.languages` is complete, and agrees with itself and with the others."""

from __future__ import annotations

import codecs
import itertools
import re
import sys
import unicodedata

import pytest

from evalkit.errors import InputError
from evalkit.files.records import plain_name
from evalkit.languages import Language, known_codes, language, language_pair
from evalkit.languages.base import CYRILLIC, LATIN

LANGUAGES = [language(code) for code in known_codes()]
OTHERS = list(itertools.permutations(LANGUAGES, 2))

# Families of translation models, with the form of their codes.
FAMILIES = {
    "marian": r"[a-z]{3}",
    "nllb": r"[a-z]{3}_[A-Z][a-z]{3}",
    "m2m100": r"[a-z]{2}",
    "mbart": r"[a-z]{2}_[A-Z]{2}",
    "madlad": r"[a-z]{2}",
    "t5": r"[A-Z][a-z]+",
}

every_language = pytest.mark.parametrize("one", LANGUAGES, ids=lambda one: one.code)
every_pair = pytest.mark.parametrize(
    ("source", "target"), OTHERS, ids=lambda one: one.code if isinstance(one, Language) else None
)


def test_the_languages_there_are():
    assert known_codes() == ["de", "en", "ru", "uk"]


@every_language
def test_a_language_is_named_by_its_file_and_its_tags(one):
    assert one is language(one.code)
    assert one.label.istitle()
    assert one.tags[0] == one.code
    region = one.codes["mbart"]
    for tag in (*one.tags, one.code.upper(), region, region.replace("_", "-")):
        assert one.is_named(tag)


@every_pair
def test_no_two_languages_share_a_tag_a_heading_or_a_model_code(source, target):
    assert not set(source.tags) & set(target.tags)
    assert not set(source.headings) & set(target.headings)
    assert not set(source.codes.values()) & set(target.codes.values())
    assert source.label != target.label


@every_language
def test_every_family_of_models_has_its_code(one):
    assert set(one.codes) == set(FAMILIES)
    for family, form in FAMILIES.items():
        assert re.fullmatch(form, one.codes[family])
    script = {LATIN: "Latn", CYRILLIC: "Cyrl"}[one.script]
    assert one.codes["nllb"] == f"{one.codes['marian']}_{script}"
    assert one.codes["marian"] in one.tags
    assert one.codes["mbart"].startswith(f"{one.code}_")
    assert (one.codes["m2m100"], one.codes["madlad"], one.codes["t5"]) == (
        one.code,
        one.code,
        one.label,
    )


@every_language
def test_its_letters_are_small_ones_of_its_script_and_not_ascii(one):
    for letter in {*one.letters, *one.latin}:
        assert len(letter) == 1 and letter.islower() and not letter.isascii()
        assert one.script.letter.fullmatch(letter)
        assert one.script.letter.fullmatch(letter.upper()[0])
    assert set(one.letters) == set(one.latin)


@every_language
def test_letter_frequencies_are_shares_of_a_thousand(one):
    assert all(often > 0 for often in one.letters.values())
    total = sum(one.letters.values())
    if one.script is CYRILLIC:
        assert total == pytest.approx(1000, abs=30)
    else:
        assert total < 100


@every_language
def test_romanization_leaves_latin_letters_alone(one):
    alphabet = "".join(one.latin)
    assert one.romanized(alphabet + alphabet.upper()).isascii()
    assert one.romanized("Plain text, 5.") == "Plain text, 5."


@pytest.mark.parametrize(
    ("code", "text", "romanized"),
    [
        ("ru", "Хрущёв и Щукина, 2017", "Khrushchev i Shchukina, 2017"),
        ("uk", "Зеленський, Ґудзь, Щербак", "Zelenskyi, Gudz, Shcherbak"),
        ("de", "Jürgen Größer", "Juergen Groesser"),
        ("en", "Smith", "Smith"),
    ],
)
def test_romanized_names(code, text, romanized):
    assert language(code).romanized(text) == romanized


@every_language
def test_headings_are_written_as_columns_are_compared(one):
    kinds = (
        one.headings,
        one.source_headings,
        one.provided_headings,
        one.document_headings,
        one.id_headings,
    )
    for headings in kinds:
        assert len(headings) == len(set(headings))
        assert [plain_name(heading) for heading in headings] == list(headings)
    for heading in (*one.tags[:2], one.label.lower(), f"text {one.code}", f"sentence {one.code}"):
        assert heading in one.headings


@every_language
def test_every_language_is_called_by_the_others(one):
    """The name of a language stands in the headings in every language that there is."""
    names = {
        "de": {"german", "deutsch", "немецкий", "німецька"},
        "en": {"english", "englisch", "английский", "англійська"},
        "ru": {"russian", "russisch", "русский", "російська"},
        "uk": {"ukrainian", "ukrainisch", "украинский", "українська"},
    }
    assert names[one.code] <= set(one.headings)


@every_language
def test_abbreviations_are_small_without_their_last_stop_and_named_once(one):
    for words in (one.abbreviations, one.before_numbers, one.after_ordinals):
        assert len(words) == len(set(words))
        for word in words:
            assert word == word.strip().lower() and not word.endswith(".")


@every_language
def test_old_encodings_hold_all_letters_in_one_byte_each(one):
    assert one.encodings
    alphabet = "".join(one.letters) + "".join(one.letters).upper().replace("SS", "")
    for name in one.encodings:
        assert codecs.lookup(name).name == codecs.lookup(name.replace("-", "_")).name
        assert len(alphabet.encode(name)) == len(alphabet)


@pytest.mark.parametrize("script", [LATIN, CYRILLIC], ids=lambda script: script.name)
def test_a_script_is_letters_of_its_own_alone(script):
    kinds = (f"{script.name.upper()} ", "MODIFIER LETTER", "ORDINAL INDICATOR")
    for character in map(chr, range(sys.maxunicode + 1)):
        name = unicodedata.name(character, "")
        if name and script.letter.match(character):
            assert character.isalpha(), name
            assert any(kind in name for kind in kinds), name


@every_pair
def test_any_two_are_a_pair(source, target):
    pair = language_pair(f"{source.code}-{target.code}")
    assert (pair.source, pair.target) == (source, target)
    assert pair.code == f"{source.code}-{target.code}"
    assert pair.same_script == (source.script is target.script)


@pytest.mark.parametrize("code", ["", "ru", "ruen", "ru-ru", "-", "ru-", "-en", "ru_en"])
def test_what_is_no_pair_is_refused(code):
    with pytest.raises(InputError, match=r"is no language pair|unknown language ''"):
        language_pair(code)


@pytest.mark.parametrize("code", ["ru-xx", "xx-ru", "ru-en-de", "ru-base", "ru-pairs", "RU-EN"])
def test_an_unknown_language_lists_those_there_are(code):
    with pytest.raises(InputError, match=r"unknown language .*; there are de, en, ru, uk"):
        language_pair(code)

"""In which language of a pair a text is: by script, or by its words where the script is one."""

from __future__ import annotations

import pytest

from evalkit.languages import known_codes, language_pair
from evalkit.languages.detection import PROVIDED, SOURCE, has_two_languages, letter_counts, side_of

SENTENCES = {
    "de": [
        "Das ist ein Haus.",
        "Die Katze sitzt auf der Matte.",
        "Der Präsident sprach mit Windows-Nutzern.",
        "Guten Morgen!",
        "Wir haben gestern die Brücke gesperrt.",
        "Warum nicht?",
    ],
    "en": [
        "This is a house.",
        "The cat sits on the mat.",
        "The president spoke with users of Windows.",
        "Good morning!",
        "We closed the bridge yesterday.",
        "Why not?",
    ],
    "ru": [
        "Это дом, и он большой.",
        "Кошка сидит на коврике.",
        "Президент говорил с пользователями Windows.",
        "Доброе утро!",
        "Вчера мы закрыли мост.",
        "Почему нет?",
    ],
    "uk": [
        "Це будинок, і він великий.",
        "Кішка сидить на килимку.",
        "Президент говорив із користувачами Windows.",
        "Доброго ранку!",
        "Учора ми закрили міст.",
        "Чому ні?",
    ],
}
PAIRS = [f"{a}-{b}" for a in known_codes() for b in known_codes() if a != b]


def test_there_are_sentences_of_every_language():
    assert list(SENTENCES) == known_codes()


@pytest.mark.parametrize("code", PAIRS)
def test_short_sentences_of_every_pair_are_told_apart(code):
    pair = language_pair(code)
    for side, one in ((SOURCE, pair.source), (PROVIDED, pair.target)):
        assert [side_of(text, pair) for text in SENTENCES[one.code]] == [side] * 6


@pytest.mark.parametrize("code", PAIRS)
@pytest.mark.parametrize("text", ["", "2016", "12:30 — 5 %", "https://example.org/a", "a@b.de"])
def test_numbers_and_addresses_are_in_no_language(code, text):
    assert side_of(text, language_pair(code)) is None


@pytest.mark.parametrize(
    ("code", "text", "side"),
    [
        ("ru-en", "Компания Apple Inc. подала в суд.", SOURCE),
        ("ru-en", "The word «правда» means truth.", PROVIDED),
        ("uk-de", "Windows Server — система Microsoft.", SOURCE),
        ("de-uk", "Windows Server — система Microsoft.", PROVIDED),
        ("de-ru", "Das russische Wort «правда» bedeutet Wahrheit.", SOURCE),
    ],
)
def test_names_and_quotations_do_not_decide(code, text, side):
    assert side_of(text, language_pair(code)) == side


def test_letters_of_a_script_and_of_others_are_all_letters_there_are():
    pair = language_pair("ru-en")
    text = "«Übergröße» 5 °C: слово, λόγος — 100 %"
    assert letter_counts(text, pair.source.script) == (5, 15)
    assert letter_counts(text, pair.target.script) == (10, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Мы deployed новый сервис on the production кластер вчера", True),
        ("Паром вернулся на реку после перерыва the ferry is back", True),
        ("Windows Server — система Microsoft для крупных предприятий", False),
        ("Как писал rus.err.ee, дело закрыто", False),
        ("Он прочитал роман The Lord of the Rings за одну ночь", False),
        ("The ferry is back.", False),
    ],
)
def test_two_languages_in_a_text_are_more_than_a_name(text, expected):
    assert has_two_languages(text, language_pair("ru-en")) == expected

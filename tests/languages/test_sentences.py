"""German and Ukrainian sentences; Russian and English ones are in `tests/pair`."""

from __future__ import annotations

import pytest

from evalkit.languages import known_codes, language
from evalkit.pair.sentences import split_sentences

GERMAN = [
    ["Dr. Müller kam um 5 Uhr.", "Er ging wieder."],
    ["Prof. Dr. Weber und Fr. Klein kamen.", "Alle lachten."],
    ["Wir sahen z.B. Hunde.", "Und Katzen."],
    ["Wir sahen z. B. Hunde.", "Und Katzen."],
    ["Viele, u. a. Herr Weiß, kamen.", "Andere nicht."],
    ["Die Firma, d.h. der Chef, kam.", "Sie blieb."],
    ["Das kostet ca. 5 Euro.", "Siehe Abb. 3.", "Gut."],
    ["Siehe Nr. 5.", "Danach Nr. 6."],
    ["Am 3. Oktober feiern wir.", "Es ist Feiertag."],
    ["Im 19. Jahrhundert war das so.", "Heute nicht."],
    ["Sie feierte ihren 80. Geburtstag.", "Alle kamen."],
    ["Die Brücke wurde 2017 gesperrt.", "Das war 1990 anders."],
    ["Er war 1990.", "Sie war 1991."],
    ["„Wir arbeiten zusammen“, sagte er.", "Das ist wichtig."],
    ["Was?!", "Ja!"],
]
UKRAINIAN = [
    ["Він живе на вул. Хрещатик.", "Там гарно."],
    ["Це проф. Коваленко.", "Він учить."],
    ["Див. рис. 2.", "Далі текст."],
    ["О. С. Пушкін народився в Москві.", "Він помер у 1837 р. в Петербурзі."],
    ["«Ми готові», — заявив він.", "Це важливо."],
    ["Росія, США та ін. країни підписали договір.", "Що?!", "Так."],
]


@pytest.mark.parametrize("sentences", GERMAN, ids=lambda s: s[0][:20])
def test_german(sentences):
    assert split_sentences(" ".join(sentences), language("de")) == sentences


@pytest.mark.parametrize("sentences", UKRAINIAN, ids=lambda s: s[0][:20])
def test_ukrainian(sentences):
    assert split_sentences(" ".join(sentences), language("uk")) == sentences


@pytest.mark.parametrize("code", known_codes())
def test_no_abbreviation_of_a_language_ends_a_sentence(code):
    one = language(code)
    start, name = {"ru": ("Это", "Иванов"), "uk": ("Це", "Іваненко")}.get(code, ("Das", "Weber"))
    for word in one.abbreviations:
        text = f"{start} {word}. {name} 5."
        assert split_sentences(text, one) == [text]
    for word in one.before_numbers:
        stop = "." if word[-1].isalnum() else ""
        text = f"{start} {word}{stop} 5."
        assert split_sentences(text, one) == [text]

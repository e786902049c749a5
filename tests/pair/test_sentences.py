"""Sentence splitting of Russian and English; nothing is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.languages import language
from evalkit.pair.sentences import split_sentences as split


def split_sentences(text: str, code: str) -> list[str]:
    return split(text, language(code))


RUSSIAN = [
    ["А. С. Пушкин родился в Москве.", "Он умер в 1837 г. в Петербурге.", "Т. е. недолго жил."],
    ["«Мы готовы работать вместе», — заявил он.", "Это важно."],
    ["«Это важно!» — добавила М. Захарова.", "Все согласились."],
    ["Россия, США и др. страны подписали договор.", "См. рис. 2."],
    ["В г. Москве 10 тыс. чел. вышли на улицы.", "Ок. 5 млн. руб. потрачено."],
    ["Ул. Ленина, д. 5, кв. 3.", "Вход со двора."],
    ["Он молчал…", "Потом спросил: «Когда?»", "Никто не ответил!"],
    ["Что?!", "Да."],
]
GERMAN = [
    ["Dr. Müller sprach mit Prof. Weber.", "Das dauerte z. B. bis 15 Uhr, d. h. lange."],
    ["Es gibt z.B. Äpfel und u.a. Birnen.", "Abb. 3 zeigt sie.", "Die Nr. 5 fehlt."],
    ["Am 3. Oktober kam er.", "„Wir wollen arbeiten“, sagte er.", "Niemand antwortete!"],
]
UKRAINIAN = [
    ["Вул. Шевченка, буд. 5.", "Див. рис. 2.", "Усе."],
    ["Він народився в м. Київ.", "Це важливо!"],
]
ENGLISH = [
    ["Mr. Smith met Dr. Brown at 5 p.m. on Jan. 5.", "They talked."],
    ["The U.S. Army came.", "J. K. Rowling wrote it."],
    ["“We hope to work together,” said Steinmeier.", "“It is hard.”", "He left."],
    ["NATO and Russia remain divided, but “it is important to sit down.”", "He explained."],
    ["It costs $3.50 (see Fig. 2).", "Apple Inc. announced it."],
    ["What?!", "Yes!"],
]


@pytest.mark.parametrize("sentences", RUSSIAN, ids=lambda s: s[0][:20])
def test_russian(sentences):
    assert split_sentences(" ".join(sentences), "ru") == sentences


@pytest.mark.parametrize("sentences", ENGLISH, ids=lambda s: s[0][:20])
def test_english(sentences):
    assert split_sentences(" ".join(sentences), "en") == sentences


@pytest.mark.parametrize("sentences", GERMAN, ids=lambda s: s[0][:20])
def test_german(sentences):
    assert split_sentences(" ".join(sentences), "de") == sentences


@pytest.mark.parametrize("sentences", UKRAINIAN, ids=lambda s: s[0][:20])
def test_ukrainian(sentences):
    assert split_sentences(" ".join(sentences), "uk") == sentences


def test_a_word_is_never_cut():
    text = 'Цена "поднимается"...,-словам эксперта верят. Конец.'
    assert " ".join(split_sentences(text, "ru")) == text


def test_text_in_small_letters_is_still_split():
    assert len(split_sentences("привет. как дела? всё хорошо.", "ru")) == 3


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"абвАБВabcAB.,!?…«»“”()—-1 \n\t\u2028\u00a0\x00", "т. е. ", "Mr. ", "г. "]
        )
        | st.characters(exclude_categories=["Cs"]),
        max_size=200,
    ).map("".join),
    st.sampled_from(["ru", "en", "de", "uk"]),
)
def test_nothing_is_lost(text, language):
    sentences = split_sentences(text, language)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence.strip() == sentence != "" for sentence in sentences)


@pytest.mark.parametrize("unit", ["«", "(", "слово ", "Да. ", ".", "а"])
def test_a_huge_paragraph_does_not_hang(unit):
    text = unit * (300_000 // len(unit))
    began = time.perf_counter()
    sentences = split_sentences(text, "ru")
    assert time.perf_counter() - began < 20
    assert "".join("".join(sentences).split()) == "".join(text.split())

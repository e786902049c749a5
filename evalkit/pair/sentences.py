"""Sentences of a paragraph, by sentencex with corrections for what it splits wrongly.

sentencex (Wikimedia) knows abbreviations of both languages; in Russian it still ends a sentence after
"Т. е.", "др.", "млн.". A sentence does not begin with a small letter, so such a piece is given back
to the one before it, as is a number after an abbreviation that wants one ("рис. 2", "ок. 5").
"""

from __future__ import annotations

import re
from itertools import pairwise

# sentencex takes time quadratic in the number of opening quotation marks, so a huge paragraph goes to it in
# blocks; the last sentence of a block is carried over to the next, so no sentence is cut.
BLOCK = 2000
# A "sentence" longer than this is no prose: it ends where its block does.
LONGEST_CARRIED = 6_000

BEGINS_SMALL = re.compile(r"[\s«»“”„\"'(\[—–-]*[a-zа-яё]")
BEGINS_WITH_NUMBER = re.compile(r"\s*№?\s*\d")
WANTS_NUMBER = re.compile(
    r"(?:^|[\s(])(?:рис|стр|с|гл|п|пп|ст|ч|табл|ок|т|разд|см|ред|вып|илл|кв|д|корп|тел|"
    r"fig|figs|no|nos|p|pp|vol|ch|sec|eq|art|approx|ca|cf)\.\s*$",
    re.IGNORECASE,
)
OPENS_A_LIST = re.compile(r"^\s*(?:\d{1,3}|[a-zа-яё])[.)]\s*$", re.IGNORECASE)
VISIBLE = re.compile(r"\S")
# It does not end one at dots of omission, nor after direct speech: «Когда?» Никто не ответил.
OMISSION = re.compile(r"(?<=…)\s+(?=[A-ZА-ЯЁ«“])|(?<=\.\.\.)\s+(?=[A-ZА-ЯЁ«“])")
SPEECH = re.compile(r"(?:^|[:—–]\s*)[«“][^«»“”]*[.!?…][»”](?P<border>\s+)(?=[A-ZА-ЯЁ«“])")


def split_sentences(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph, stripped; joined they have every visible character of it.

    ``language`` is "ru" or "en" (or another code that sentencex knows).
    """
    sentences: list[str] = []
    carried = ""
    for block in _blocks(paragraph):
        pieces = _segment(carried + block, language)
        carried = pieces.pop() if pieces else ""
        if len(carried) > LONGEST_CARRIED:
            pieces.append(carried)
            carried = ""
        sentences += pieces
    sentences.append(carried)
    ended = [piece for sentence in _mended(sentences) for piece in _split_further(sentence)]
    return [text for text in map(str.strip, ended) if text]


def _segment(text: str, language: str) -> list[str]:
    import sentencex

    pieces = list(sentencex.segment(language, text))
    # The promise to lose nothing is ours, whatever a later version of the library does.
    if "".join("".join(pieces).split()) != "".join(text.split()):
        return [text]
    return pieces


def _blocks(paragraph: str) -> list[str]:
    blocks, begin = [], 0
    while len(paragraph) - begin > BLOCK:
        space = paragraph.rfind(" ", begin + 1, begin + BLOCK)
        end = space + 1 if space > 0 else begin + BLOCK
        blocks.append(paragraph[begin:end])
        begin = end
    return [*blocks, paragraph[begin:]]


def _mended(sentences: list[str]) -> list[str]:
    """Join what does not begin a sentence to what it continues: a word is never cut."""
    # All in small letters: a small letter says nothing about where sentences begin.
    capitals = any(character.isupper() for character in "".join(sentences))
    mended: list[str] = []
    for sentence in sentences:
        if mended and _continues(mended[-1], sentence, capitals):
            mended[-1] += sentence
        else:
            mended.append(sentence)
    return mended


def _split_further(sentence: str) -> list[str]:
    borders = [match.end() for match in OMISSION.finditer(sentence)]
    borders += [match.end("border") for match in SPEECH.finditer(sentence)]
    ends = [0, *sorted(borders), len(sentence)]
    return [sentence[begin:end] for begin, end in pairwise(ends)]


def _continues(before: str, sentence: str, capitals: bool) -> bool:
    if not VISIBLE.search(before) or not VISIBLE.search(sentence):
        return True
    if not before[-1].isspace() and not sentence[0].isspace():
        return True
    if OPENS_A_LIST.match(before):
        return True
    if BEGINS_WITH_NUMBER.match(sentence):
        return WANTS_NUMBER.search(before[-12:]) is not None
    return capitals and BEGINS_SMALL.match(sentence) is not None

"""Sentences of a paragraph, by sentencex with corrections for what it splits wrongly.

sentencex (Wikimedia) knows abbreviations of many languages; in Russian it still ends a sentence after
"Т. е.", "др.", "млн.". A sentence does not begin with a small letter, so such a piece is given back
to the one before it, as is a number after an abbreviation that wants one ("рис. 2", "ок. 5") and whatever follows
an abbreviation that ends no sentence ("Dr.") or an ordinal ("im 19. Jahrhundert"). The abbreviations are those of
`evalkit.languages`.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from evalkit.languages import Language

# sentencex takes time quadratic in the number of opening quotation marks, so a huge paragraph goes to it in
# blocks; the last sentence of a block is carried over to the next, so no sentence is cut.
BLOCK = 2000
# A "sentence" longer than this is no prose: it ends where its block does.
LONGEST_CARRIED = 6_000

FIRST_LETTER = re.compile(r"[\s«»“”„\"'(\[—–-]*([^\W\d_])")
BEGINS_WITH_NUMBER = re.compile(r"\s*№?\s*\d")
ORDINAL = re.compile(r"(?:^|[\s(])\d{1,3}\.\s*$")
FIRST_WORD = re.compile(r"\s*(\w+)")
OPENS_A_LIST = re.compile(r"^\s*(?:\d{1,3}|[^\W\d_])[.)]\s*$")
VISIBLE = re.compile(r"\S")
# Nor does sentencex end one at dots of omission, or after direct speech: «Когда?» Никто не ответил.
OMISSION = re.compile(r"(?<=…)\s+(?=\S)|(?<=\.\.\.)\s+(?=\S)")
SPEECH = re.compile(r"(?:^|[:—–]\s*)[«“][^«»“”]*[.!?…][»”](?P<border>\s+)(?=\S)")


def split_sentences(paragraph: str, language: Language) -> list[str]:
    """The sentences of a paragraph, stripped; joined they have every visible character of it."""
    sentences: list[str] = []
    carried = ""
    for block in _blocks(paragraph):
        pieces = _segment(carried + block, language.splitter)
        carried = pieces.pop() if pieces else ""
        if len(carried) > LONGEST_CARRIED:
            pieces.append(carried)
            carried = ""
        sentences += pieces
    sentences.append(carried)
    ended = [
        piece for sentence in _mended(sentences, language) for piece in _split_further(sentence)
    ]
    return [text for text in map(str.strip, ended) if text]


def _segment(text: str, code: str) -> list[str]:
    import sentencex

    pieces = list(sentencex.segment(code, text))
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


def _mended(sentences: list[str], language: Language) -> list[str]:
    """Join what does not begin a sentence to what it continues: a word is never cut."""
    # All in small letters: a small letter says nothing about where sentences begin.
    capitals = any(character.isupper() for character in "".join(sentences))
    mended: list[str] = []
    for sentence in sentences:
        if mended and _continues(mended[-1], sentence, capitals, language):
            mended[-1] += sentence
        else:
            mended.append(sentence)
    return mended


def _split_further(sentence: str) -> list[str]:
    borders = [match.end() for match in OMISSION.finditer(sentence)]
    borders += [match.end("border") for match in SPEECH.finditer(sentence)]
    found = sorted({b for b in borders if sentence[b].isupper() or sentence[b] in "«“"})
    return [sentence[begin:end] for begin, end in pairwise([0, *found, len(sentence)])]


def _continues(before: str, sentence: str, capitals: bool, language: Language) -> bool:
    if not VISIBLE.search(before) or not VISIBLE.search(sentence):
        return True
    if not before[-1].isspace() and not sentence[0].isspace():
        return True
    if OPENS_A_LIST.match(before):
        return True
    never_ends, wants_number = _abbreviations(language)
    if BEGINS_WITH_NUMBER.match(sentence):
        return wants_number.search(before[-16:]) is not None
    if never_ends.search(before[-16:]) or _is_ordinal(before, sentence, language):
        return True
    first = FIRST_LETTER.match(sentence)
    return capitals and first is not None and first[1].islower()


def _is_ordinal(before: str, sentence: str, language: Language) -> bool:
    word = FIRST_WORD.match(sentence)
    return (
        word is not None
        and word[1].lower() in language.after_ordinals
        and ORDINAL.search(before[-8:]) is not None
    )


@cache
def _abbreviations(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The end of a text in an abbreviation that ends no sentence, and in one that wants a number."""

    def ends_in(words: tuple[str, ...]) -> re.Pattern[str]:
        if not words:
            return re.compile(r"(?!)")
        every = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words)
        return re.compile(rf"(?:^|[\s(])(?:{every})\s*$", re.IGNORECASE)

    def with_stop(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{word}." if word[-1].isalnum() else word for word in words)

    return ends_in(with_stop(language.abbreviations)), ends_in(with_stop(language.before_numbers))

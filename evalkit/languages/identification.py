"""Which language a text is in, of all that py3langid tells and that a reader may have mixed up."""

from __future__ import annotations

from evalkit.languages.base import Language
from evalkit.languages.detection import ADDRESS, LETTER, WORD, identifier

#: Languages by ISO 639-1. Those that few write in are left out: each more of them is one more to be wrong about.
NAMES = {
    **{"af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian"},
    **{"bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech"},
    **{"cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English"},
    **{"es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish"},
    **{"fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi"},
    **{"hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian"},
    **{"is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh"},
    **{"ko": "Korean", "ky": "Kyrgyz", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian"},
    **{"mk": "Macedonian", "mn": "Mongolian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian"},
    **{"pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak"},
    **{"sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili"},
    **{"th": "Thai", "tr": "Turkish", "tt": "Tatar", "uk": "Ukrainian", "ur": "Urdu"},
    **{"uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese"},
}

# Of WMT21's sentences alone one in a hundred is taken for another language, of two together none; what was wrong was
# shorter than a hundred letters, or less sure than this.
FEWEST_LETTERS, LEAST_PROBABILITY = 60, 0.95
# Characters looked at: a few milliseconds.
LOOKED_AT = 10_000
# Of the letters of a text that is plainly in a language, so many are of its script, and no more are its neighbours'.
LEAST_OWN, MOST_STRANGE = 0.9, 0.003


def other_language(text: str, expected: Language) -> str | None:
    """The code of the language of a text that should be in another; None if it is in that, or none can be told.

    The model, of half a second and 70 MB, is asked only where the text is not plainly in the expected language.
    """
    if is_plainly(text, expected):
        return None
    found = identify(text)
    return found if found != expected.code else None


def is_plainly(text: str, language: Language) -> bool:
    """Whether the commonest words and letters leave no doubt that a text is in a language."""
    signs = language.signs
    if signs is None:
        return False
    text = ADDRESS.sub(" ", text[:LOOKED_AT])
    letters = len(LETTER.findall(text))
    if len(language.script.letter.findall(text)) < LEAST_OWN * letters:
        return False
    folded = text.lower()
    words = WORD.findall(folded)
    return (
        _count(folded, signs.strange) <= MOST_STRANGE * letters
        and _count(folded, signs.letters) >= signs.least_letters * letters
        and sum(word in signs.words for word in words) >= signs.least_words * len(words)
    )


def _count(text: str, letters: str) -> int:
    return sum(map(text.count, letters))


def identify(text: str) -> str | None:
    """The code of the language of a text, of `NAMES`; None if it is too short or too mixed to tell."""
    text = ADDRESS.sub(" ", text[:LOOKED_AT])
    if len(LETTER.findall(text)) < FEWEST_LETTERS:
        return None
    code, probability = identifier(*NAMES).classify(text)
    return str(code) if probability >= LEAST_PROBABILITY else None

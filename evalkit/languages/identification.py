"""Which language a text is in, of all that py3langid tells and that a reader may have mixed up."""

from __future__ import annotations

from evalkit.languages.detection import ADDRESS, LETTER, identifier

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


def identify(text: str) -> str | None:
    """The code of the language of a text, of `NAMES`; None if it is too short or too mixed to tell."""
    text = ADDRESS.sub(" ", text[:LOOKED_AT])
    if len(LETTER.findall(text)) < FEWEST_LETTERS:
        return None
    code, probability = identifier(*NAMES).classify(text)
    return str(code) if probability >= LEAST_PROBABILITY else None

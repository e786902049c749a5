"""sacreBLEU's tokenizers, by name, over many sentences at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import chain

from evalkit.errors import InputError, ModelUnavailable

# Words whose tokens are remembered: enough for a language's running text, bounded for a million pairs.
REMEMBERED_WORDS = 1 << 17

Tokenizer = Callable[[str], list[str]]


def tokenizer_names() -> list[str]:
    """The names sacreBLEU knows: 13a, intl, zh, char, none..."""
    from sacrebleu.metrics import BLEU

    return list(BLEU.TOKENIZERS)


@cache
def load_tokenizer(name: str) -> tuple[Tokenizer, str]:
    """The tokenizer and its name in the signature; loaded once, and what it remembers is shared.

    Raises:
        InputError: no such tokenizer, or a library it needs is not installed.
        ModelUnavailable: its model can neither be found nor downloaded.
    """
    from sacrebleu.metrics import BLEU

    if name not in tokenizer_names():
        known = ", ".join(tokenizer_names())
        raise InputError(f"unknown tokenizer {name!r}; choose one of {known}")
    try:
        tokenizer = BLEU(tokenize=name).tokenizer
    except (ImportError, RuntimeError) as error:
        extra = name.partition("-")[0]
        wanted = f"sacrebleu[{extra}]" if name.endswith("mecab") else "sentencepiece"
        raise InputError(
            f"tokenizer {name!r} needs a library that is not here: pip install '{wanted}'"
        ) from error
    except (Exception, SystemExit) as error:
        # sacreBLEU downloads SentencePiece models; whatever happens on the way (network, TLS, a
        # damaged file), it ends here, and its downloader may end the process.
        raise ModelUnavailable(
            f"the model of tokenizer {name!r} cannot be had ({error}); put it into "
            "~/.sacrebleu/models, or choose another tokenizer"
        ) from error
    if name == "13a":
        return Wordwise(tokenizer), tokenizer.signature()
    return lambda sentence: tokenizer(sentence.rstrip()).split(), tokenizer.signature()


class Wordwise:
    """The 13a tokenizer, remembering the tokens of each word.

    13a looks at a character and its neighbours only, and every pattern of it takes white space for
    any other non-digit, so a sentence's tokens are those of its words, one after another. The one
    exception is a line break inside a segment ("-" before it joins two words); such a segment is
    tokenized whole.
    """

    def __init__(self, tokenize: Callable[[str], str]) -> None:
        self.tokenize = tokenize
        self.tokens_of = _TokensOf(tokenize).__getitem__

    def __call__(self, sentence: str) -> list[str]:
        if "\n" in sentence:
            return self.tokenize(sentence.rstrip()).split()
        return list(chain.from_iterable(map(self.tokens_of, sentence.split())))


class _TokensOf(dict[str, tuple[str, ...]]):
    """Word -> its tokens, found when first asked for."""

    def __init__(self, tokenize: Callable[[str], str]) -> None:
        self.tokenize = tokenize

    def __missing__(self, word: str) -> tuple[str, ...]:
        # Most words are letters and digits, which 13a never touches, and perhaps a mark at the end.
        if word.isalnum():
            tokens: tuple[str, ...] = (word,)
        elif word[-1] in ".," and word[:-1].isalnum():
            tokens = (word[:-1], word[-1])
        else:
            tokens = tuple(self.tokenize(word).split())
        if len(self) < REMEMBERED_WORDS:
            self[word] = tokens
        return tokens


def split_off_punctuation(sentence: str) -> list[str]:
    """The words of chrF++: a punctuation mark at the end, or else at the beginning, is a word of its own."""
    return list(chain.from_iterable(map(_chrf_words.__getitem__, sentence.split())))


class _ChrfWords(dict[str, tuple[str, ...]]):
    """Word -> itself, or itself and its mark, as Popović's chrF++ splits them."""

    MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(word) == 1:
            parts: tuple[str, ...] = (word,)
        elif word[-1] in self.MARKS:
            parts = (word[:-1], word[-1])
        elif word[0] in self.MARKS:
            parts = (word[0], word[1:])
        else:
            parts = (word,)
        if len(self) < REMEMBERED_WORDS:
            self[word] = parts
        return parts


_chrf_words = _ChrfWords()

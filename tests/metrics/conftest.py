"""Texts to score: made by rule, by hypothesis, and the real ones of WMT21."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

settings.register_profile(
    "score",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("score")

# Pieces that tokenizers and n-gram counting treat specially: punctuation beside digits and letters,
# entities, white space of all kinds, emoji with modifiers, combining marks, case that changes length.
PIECES = [
    *(
        "a",
        "b",
        "the",
        "The",
        "cat",
        "3",
        "1,000",
        "3.5",
        "-",
        "5-",
        ".",
        ",",
        "..",
        "'s",
        "(",
        "&",
    ),
    *(
        "&quot;",
        "&amp;lt;",
        "<skipped>",
        "<",
        "\\",
        "~",
        "…",
        "«",
        "🙂",
        "👩‍🚀",
        "e\u0301",
        "é",
        "İ",
        "Σ",
        "ß",
    ),
    *(
        "Ж",
        "ж",
        "中",
        "文字",
        " ",
        "  ",
        "\t",
        "\n",
        "-\n",
        "\u00a0",
        "\u2028",
        "\x1c",
        "\x85",
        "\u3000",
    ),
]


def texts() -> st.SearchStrategy[str]:
    """Any string; or one made of few different pieces, so that n-grams repeat and match."""
    pieces = st.lists(st.sampled_from(PIECES), max_size=25)
    return st.one_of(
        st.text(max_size=40),
        st.text(st.characters(), max_size=12),  # lone surrogates too
        pieces.map("".join),
        pieces.map(" ".join),
        st.lists(st.sampled_from("ab "), max_size=30).map("".join),
    )


def segments(most_references: int = 3) -> st.SearchStrategy[list[tuple[str, list[str | None]]]]:
    """Hypotheses with one to three references each, of which some may be absent or the hypothesis itself."""

    def with_references(hypothesis: str) -> st.SearchStrategy[tuple[str, list[str | None]]]:
        reference = st.one_of(texts(), st.just(hypothesis), st.none())
        references = st.lists(reference, min_size=1, max_size=most_references)
        present = references.filter(lambda found: any(text is not None for text in found))
        return st.tuples(st.just(hypothesis), present)

    return st.lists(texts().flatmap(with_references), min_size=1, max_size=6)


def streams(references: list[list[str | None]]) -> list[list[str | None]]:
    """References by segment as sacreBLEU takes them: by stream, None where a segment has fewer."""
    most = max(map(len, references))
    return [[row[k] if k < len(row) else None for row in references] for k in range(most)]

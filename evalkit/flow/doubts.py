"""What makes a whole document doubtful, found in it alone; and what a run says of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalkit.checks.language import strange_languages, wrong_languages
from evalkit.checks.parallel import (
    MEND,
    SLIPPED,
    SOURCE_COST,
    SourceFits,
    find_slip,
    may_slip,
    told_slip,
)
from evalkit.checks.unrelated import unrelated_texts
from evalkit.data import Document, Doubts, Slip
from evalkit.flow.counts import SLIP_COST, chrf_fits
from evalkit.languages import LanguagePair


def doubts_of(
    document: Document, pair: LanguagePair, translations: Sequence[str] | None = None
) -> Doubts:
    """What is doubtful about a document.

    Args:
        translations: of each of `Document.sources`, in the language of the provided text.
    """
    languages = strange_languages(document, pair)
    return Doubts(languages, None if any(languages) else _slip(document, pair, translations))


def _slip(
    document: Document, pair: LanguagePair, translations: Sequence[str] | None
) -> Slip | None:
    """The line from which on the rows of a document slip: by chrF of the translations, or without them by names."""
    if not document.rows:
        return None
    provided = [row.provided[0] if row.provided else "" for row in document.rows]
    found = None
    if translations is not None and any(translations):
        if may_slip(translations, provided):
            found = find_slip(translations, provided, chrf_fits, SLIP_COST)
    elif translations is None:
        found = find_slip(document.sources, provided, SourceFits(pair), SOURCE_COST)
    if found is None:
        return None
    return Slip(document.rows[found.line - 1].line or found.line, found.by)


def warnings_of(
    documents: Sequence[tuple[str, Doubts]],
    aligned: Mapping[str, Sequence[float]],
    pair: LanguagePair,
    known: Sequence[str] = (),
) -> tuple[str, ...]:
    """What the user should know of the documents of a run.

    Args:
        documents: their names and doubts. aligned: the confidences of the pairs of
            those that were aligned, by name.
        known: what was said of the input before: a slip that was found there is not told again.
    """
    languages: dict[str, tuple[str, str]] = {}
    for name, doubts in documents:
        before = languages.get(name, ("", ""))
        languages[name] = (before[0] or doubts.languages[0], before[1] or doubts.languages[1])
    warnings = wrong_languages(languages, pair)
    slipped = [(name, doubts.slip) for name, doubts in documents if doubts.slip]
    if slipped and not any(SLIPPED in warning for warning in known):
        name, slip = slipped[0]
        texts = f"the {pair.source.label} and the {pair.target.label}"
        several = len({name for name, _ in documents}) > 1
        where = f"{name or 'a document'}: " if several else ""
        more = f" (and so do {len(slipped) - 1} more documents)" if slipped[1:] and several else ""
        warnings += (f"{where}{told_slip(slip, texts)}{MEND}{more}",)
    if not any(map(any, languages.values())):
        warnings += unrelated_texts(aligned, (pair.source.label, pair.target.label))
    return warnings

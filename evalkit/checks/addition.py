"""Something in the provided text that neither the source nor a system says."""

from __future__ import annotations

from statistics import median

from evalkit.checks.base import Checked
from evalkit.checks.evidence import evidence
from evalkit.checks.omission import LONGEST_SHOWN, MOST_WORDS, shorter
from evalkit.checks.signals import Signals, WeighedCheck, longest_run, spans


class AdditionCheck(WeighedCheck):
    """Content words that nothing calls for, against those that a paraphrase would account for."""

    name = "addition"

    def signals(self, pair: Checked) -> Signals:
        found = evidence(pair, self.languages)
        content = [
            (word, new)
            for word, new in zip(found.provided, found.nowhere, strict=True)
            if word.content
        ]
        begin, end = longest_run([new for _, new in content])
        added = [word for word, new in content[begin:end] if new]
        number = sum(new for _, new in content)
        values = {
            "run": min(MOST_WORDS, len(added)),
            "new": min(MOST_WORDS, number),
            "share": number / max(1, len(content)),
            "longer": -shorter(pair),
        }
        if found.translated:
            surplus = []
            for theirs in found.translated:
                new = sum(
                    not s and w.content
                    for w, s in zip(found.provided, theirs.supported, strict=True)
                )
                unseen = sum(
                    not c and w.content for w, c in zip(theirs.words, theirs.covered, strict=True)
                )
                surplus.append(new - unseen)
            values["surplus"] = max(-MOST_WORDS, min(MOST_WORDS, float(median(surplus))))
            values["least surplus"] = max(-MOST_WORDS, min(MOST_WORDS, float(min(surplus))))
        if not added:
            return Signals(values)
        whole = spans([w for w in found.provided if added[0].start <= w.start <= added[-1].start])
        text = pair.provided[whole[0][0] : whole[-1][1]]
        if len(text) > LONGEST_SHOWN:
            text = f"{text[: LONGEST_SHOWN // 2 - 2]} ... {text[2 - LONGEST_SHOWN // 2 :]}"
        return Signals(values, f'Nothing in the source says "{text}".', provided_spans=whole)

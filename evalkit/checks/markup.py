"""Tags, placeholders and variables, which must come through a translation unchanged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from evalkit.checks.base import Checked, Finding
from evalkit.checks.signals import quoted

# Nothing else can hold any of what is looked for.
_ANY = re.compile(r"[<{%$&\\@]|\[/?\w")
TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|\[/?[A-Za-z]+(?:=[^\]\s]+)?\](?!\()")
PLACEHOLDER = re.compile(
    r"\$\{[^{}\s]+\}|\{\{[^{}]+\}\}|\{[\w.:!\[\]]*\}|%\([\w.]+\)[#0+ -]*\d*\.?\d*[diouxXeEfFgGcrs]"
    r"|%\d+\$[-+#0]*\d*\.?\d*[diouxXeEfFgGcsp@]|%(?:[-+#0]*\d+)?\.?\d*l{0,2}[dis@](?![\w%])|%%\w+%%|\$[A-Z_]{2,}\b"
    r"|&[A-Za-z][A-Za-z0-9]+;|\\[nt](?![\w\\])"
)
# What the translate-toolkit checks beyond that, in the words of a reader.
_TOOLKIT = {
    "printf": "A placeholder of printf differs",
    "pythonbraceformat": "A placeholder in braces differs",
    "xmltags": "The tags differ",
}
MISSING, ADDED, TOOLKIT = 0.95, 0.9, 0.7


class MarkupCheck:
    """Compares tags and placeholders by their number; asks the translate-toolkit where it is installed."""

    name = "markup"

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        if not _ANY.search(pair.source) and not _ANY.search(pair.provided):
            return
        source, provided = _codes(pair.source), _codes(pair.provided)
        missing = list((Counter(source.values()) - Counter(provided.values())).elements())
        added = list((Counter(provided.values()) - Counter(source.values())).elements())
        here = tuple(span for span, code in source.items() if code in missing)
        there = tuple(span for span, code in provided.items() if code in added)
        if missing:
            message = f"{quoted(missing)} of the source is not in the translation."
            if added:
                message = f"{quoted(missing)} of the source became {quoted(added)}."
            yield Finding(self.name, "major", message, MISSING, here, there)
        elif added:
            message = f"{quoted(added)} is not in the source."
            yield Finding(self.name, "major", message, ADDED, here, there)
        elif source:
            yield from self._toolkit(pair)

    def _toolkit(self, pair: Checked) -> Iterator[Finding]:
        check = _toolkit_checker()
        if check is None:
            return
        for name, detail in check(pair.source, pair.provided).items():
            if name in _TOOLKIT:
                message = f"{_TOOLKIT[name]}: {' '.join(str(detail).split())}"
                yield Finding(self.name, "major", message.rstrip(".") + ".", TOOLKIT)


def _codes(text: str) -> dict[tuple[int, int], str]:
    """Tags and placeholders by their places; of tags only the name counts, for attributes are translated."""
    found = {}
    for match in TAG.finditer(text):
        inside = match[0].strip("<>[]").split()
        name = inside[0].rstrip("/").split("=")[0].lower()
        closing = "/>" if match[0].endswith("/>") and len(inside) > 1 else match[0][-1]
        found[match.span()] = f"{match[0][0]}{name}{closing[-1]}"
    for match in PLACEHOLDER.finditer(TAG.sub(lambda m: " " * len(m[0]), text)):
        found[match.span()] = match[0]
    return found


@lru_cache(maxsize=1)
def _toolkit_checker() -> Callable[[str, str], dict[str, Any]] | None:
    """The translate-toolkit's checks (extra ``formats``), or None where it is not installed."""
    try:
        from translate.filters import checks
        from translate.storage.base import TranslationUnit
    except ImportError:
        return None
    checker = checks.StandardChecker(limitfilters=list(_TOOLKIT))

    def run(source: str, provided: str) -> dict[str, Any]:
        unit = TranslationUnit(source)
        unit.target = provided
        return dict(checker.run_filters(unit))

    return run

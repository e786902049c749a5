"""Findings of a pair, as a list of their names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evalkit.checks.base import Checked, Finding
from evalkit.checks.examine import default_checks, examine
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN

CHECKS = default_checks(RUSSIAN, ENGLISH)


@pytest.fixture
def findings() -> Callable[..., tuple[Finding, ...]]:
    """The findings of a source, a provided text, and any translations."""

    def find(source: str, provided: str, *translations: str) -> tuple[Finding, ...]:
        systems = {f"system {k}": text for k, text in enumerate(translations)}
        return examine(Checked(source, provided, systems), CHECKS).findings

    return find


@pytest.fixture
def names(findings: Callable[..., tuple[Finding, ...]]) -> Callable[..., list[str]]:
    """Their names."""
    return lambda *texts: [finding.name for finding in findings(*texts)]

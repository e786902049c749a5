"""Tiny models and sentences for them."""

from __future__ import annotations

from ..tiny_models import some_words, sources, tiny_model

__all__ = ["some_words", "sources", "tiny_model"]

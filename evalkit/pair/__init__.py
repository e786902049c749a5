"""Pairing: paragraphs to sentences, and which source sentence is which provided one."""

from evalkit.pair.align import align
from evalkit.pair.doubt import doubts
from evalkit.pair.splitting import source_sentences, split

__all__ = ["align", "doubts", "source_sentences", "split"]

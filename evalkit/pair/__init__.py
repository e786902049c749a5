"""Pairing: paragraphs to sentences, and which source sentence corresponds to which provided one."""

from evalkit.pair.align import align
from evalkit.pair.splitting import split

__all__ = ["align", "split"]

"""Reading: an input to a `Corpus` of documents, many inputs to an `Intake`.

A new format is one file here and a line in `evalkit.plugins`.
"""

from evalkit.read.content import SUFFIXES
from evalkit.read.inputs import Intake, open_inputs, read
from evalkit.read.options import Options

__all__ = ["SUFFIXES", "Intake", "Options", "open_inputs", "read"]

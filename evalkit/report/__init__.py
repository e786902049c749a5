"""Reports: each module takes an `Evaluation` and writes one kind of file, or prints.

A new report is one file here and a line in `evalkit.plugins`.
"""

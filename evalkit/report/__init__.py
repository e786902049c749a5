"""Reports: each module takes an `Evaluation` and writes one kind of file, or prints.

A new report is a module here with one function, and a method of `Evaluation` that calls it.
"""

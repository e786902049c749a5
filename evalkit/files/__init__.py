"""Bytes and text: opening, encodings, lines, records; writing whole or not at all."""

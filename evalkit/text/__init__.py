"""Text files as bytes, text, lines and records: what the steps that take files from the user share."""

"""What looks wrong: in a text, in a pair, in a translation, between two texts. Nothing is repaired."""

"""Below BLEU, chrF and TER: texts as numbers, n-grams counted for many segments at once, references kept ready."""

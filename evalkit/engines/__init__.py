"""What runs a model in batches, for systems and for metrics; and where a model's files are."""

"""What scores a translation: metrics over counts, and metrics that a model computes."""

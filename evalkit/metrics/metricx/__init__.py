"""MetricX 23 and 24 (Juraska et al. 2023, 2024) on transformers."""

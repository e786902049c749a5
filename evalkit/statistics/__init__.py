"""What scores are worth: correlation with human judgement, buckets, differences between runs."""

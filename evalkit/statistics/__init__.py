"""From statistics of segments to statements: intervals, significance, ranking, correlation, differences between runs."""

"""From statistics of segments to statements: intervals, significance, ranking, triage."""

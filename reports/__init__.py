"""Results on paper: charts and briefs."""

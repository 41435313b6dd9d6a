"""Copies by word n-grams: the index, candidates, scores, thresholds, spans."""

"""Frozen facts and closed sets; no I/O, no third-party import."""

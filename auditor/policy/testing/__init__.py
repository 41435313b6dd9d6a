"""Packs tested: their lint, the tables beside them, mutants of their rules, whole cases."""

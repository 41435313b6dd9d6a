"""Packs to compiled rules to verdicts: judging, explaining, linting, waiving."""

"""Provenance and license compliance for distillation data."""

from __future__ import annotations

__version__ = "0.1.0"

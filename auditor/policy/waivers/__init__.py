"""Waivers: the file, the signatures under it, and what they change."""

"""Copied code by its shape: tokens without names, in a lane of its own."""

"""Disguised and encoded text: told apart cheaply, undone where that is possible."""

"""Rows to digests by machine code over bytes and buffers: no Python object is made of a row."""

"""Near-duplicates: signatures, banded look-up, exchange with datasketch."""

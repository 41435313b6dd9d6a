"""From text to words: folding, word bounds, word hashes; the reference, and kernels that equal it."""

"""Find indexed teacher text inside rows: text kernel, n-gram index, MinHash, LSH, style."""

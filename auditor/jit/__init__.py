"""Machine code: how kernels are compiled, kept and vectorized."""

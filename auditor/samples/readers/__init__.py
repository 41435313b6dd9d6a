"""The containers of rows: JSON, JSON Lines, CSV, Parquet, Arrow, compressed or not, read piece by piece."""

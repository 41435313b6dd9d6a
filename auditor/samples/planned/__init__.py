"""Rows to texts and claims by plans: decided once for each schema, then the same for all its rows."""

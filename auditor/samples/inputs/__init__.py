"""What the named data is: files, folders with splits, saved sets, hub names, and what lies beside rows."""

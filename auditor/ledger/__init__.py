"""The ledger of past audits: tables in a database, rows in Parquet beside it, history in a hash chain."""

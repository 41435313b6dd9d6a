"""Hold a finished audit against its own rules, its ledger entry and its rows, before it is signed."""

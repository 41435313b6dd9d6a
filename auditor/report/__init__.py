"""Say what an audit found, in the format that a reader wants."""

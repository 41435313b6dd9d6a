"""The steps an audit is made of, a batch of rows at a time."""

"""Findings about the set as a whole that no rule of a pack makes: what was not read, judged or learned."""

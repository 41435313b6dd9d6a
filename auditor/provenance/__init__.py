"""Claims and matches become origins, with evidence grades."""

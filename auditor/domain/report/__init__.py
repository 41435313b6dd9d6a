"""The report object, below all that writes it, signs it or holds it up."""

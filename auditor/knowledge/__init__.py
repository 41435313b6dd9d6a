"""Teachers, terms and licenses as checked data, and the look-ups on them."""

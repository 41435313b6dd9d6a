"""Style of texts: features, linear models, and the families that wrote a whole set."""

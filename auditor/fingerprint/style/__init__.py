"""How a text sounds: features, linear models, what a whole set is mixed of."""

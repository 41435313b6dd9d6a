"""Which texts a row holds, who wrote each, and which of them the trainer learns."""

"""What rows, cards, side files and labels say of teachers, licenses, hosts and dates."""

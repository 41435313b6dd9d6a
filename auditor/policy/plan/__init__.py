"""What a plan states of the student, its use and its release, and who stands for it."""

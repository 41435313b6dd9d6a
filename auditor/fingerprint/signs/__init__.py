"""What a text shows of itself at a glance: program text, verse, dialogue, words of an assistant."""

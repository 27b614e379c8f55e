"""What was meant by a word, a name or a value that is misspelt."""

"""Language for sci: cleaning, bag of words and tokens."""

"""Language for sci: cleaning and bag of words."""

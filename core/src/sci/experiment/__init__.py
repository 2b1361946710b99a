"""The experiment file: read with the place of every value, checked all at once, resolved with every default."""

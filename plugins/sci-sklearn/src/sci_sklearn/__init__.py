"""Engine sklearn for sci: models of scikit-learn that are kept as arrays, and baselines made of them."""

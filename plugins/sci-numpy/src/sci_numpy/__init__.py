"""Engine numpy for sci, with linear models, their losses, and baselines made of them."""

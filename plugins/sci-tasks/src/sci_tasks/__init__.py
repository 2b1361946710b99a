"""Classification and regression for sci."""

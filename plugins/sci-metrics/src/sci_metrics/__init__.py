"""Metrics of classification and regression for sci."""

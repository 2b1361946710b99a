"""Intervals, comparisons and audits for sci."""

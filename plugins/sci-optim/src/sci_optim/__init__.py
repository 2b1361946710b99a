"""Optimizers and schedules for sci, with one meaning on every engine."""

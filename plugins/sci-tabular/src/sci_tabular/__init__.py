"""Preprocessing of tables for sci."""

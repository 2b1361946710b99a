"""The run directory: one atomic writer, one loader that verifies, one path resolver, one lock."""

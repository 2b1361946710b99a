"""The command line: one file for each verb; it parses, calls one function and shows what came of it."""

"""Plugins: found (discovery), judged before any import (policy), loaded and checked (manager), looked up (registry)."""

"""Looks for a licence in the wrong moment."""

import sys

sys.exit(3)

"""`python -m sci`."""

from __future__ import annotations

import sys

from sci.cli.main import main

sys.exit(main())

"""Schedule `made-up-end`."""

from __future__ import annotations

import os

from made_up.config import EndConfig


class End:
    """Ends the process when it is asked for the rate of a step: everything before that step is done."""

    def __init__(self, config: EndConfig) -> None:
        self.step = config.step

    def factor(self, step: int, total: int) -> float:
        if step == self.step:
            os._exit(0)
        return 1.0

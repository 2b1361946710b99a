"""Code."""


class Metric:
    def __init__(self, config: object) -> None:
        self.config = config

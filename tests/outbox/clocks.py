"""How does a test let time pass for one module? By hand; Redis and the carrier keep their own."""


class Clock:
    """Stands where the module has `time`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

"""What is wrong with settings, in words for whoever set them."""


class BadSettings(ValueError):  # noqa: N818 – it is the settings that are bad
    """Settings that cannot be used; each of its lines names a place, and never a secret."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

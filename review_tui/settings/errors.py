"""What is wrong with settings, in words for whoever set them."""


class BadSettings(ValueError):  # noqa: N818 – it is the settings that are bad
    """Settings that cannot be used; its text is one line that names the place and never its secret."""

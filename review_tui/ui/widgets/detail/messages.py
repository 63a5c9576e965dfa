"""What the detail pane tells the screen."""

from textual.message import Message


class MatchChosen(Message):
    """The reviewer went to a fraud match."""

    def __init__(self, match_id: str) -> None:
        super().__init__()
        self.match_id = match_id


class MatchedWanted(Message):
    """The submission that a fraud match points at is needed beside this one."""

    def __init__(self, submission_id: str) -> None:
        super().__init__()
        self.submission_id = submission_id


class FileChosen(Message):
    """The reviewer went to a file; `key` is its `file_key`."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

"""What is remembered comes back, and what cannot be kept costs nothing but the habit."""

from collections.abc import Mapping
from pathlib import Path

from review_tui.model.failures import Failure, FailureKind
from review_tui.workers.memory import VALUE_CAP, Memory


class Drawer:
    """Keeps values in a dict, or refuses."""

    def __init__(self, kept: dict[str, str] | None = None, *, refuses: bool = False) -> None:
        self.kept = kept if kept is not None else {}
        self.refuses = refuses

    def recall(self) -> Mapping[str, str]:
        self._refuse()
        return dict(self.kept)

    def remember(self, name: str, value: str | None) -> None:
        self._refuse()
        if value is None:
            self.kept.pop(name, None)
        else:
            self.kept[name] = value

    def _refuse(self) -> None:
        if self.refuses:
            raise DiskFull


class DiskFull(Exception):  # noqa: N818 – it says what happened
    failure = Failure(FailureKind.LOCAL, "no space is left")


def test_a_habit_comes_back_at_the_next_start() -> None:
    drawer = Drawer()
    memory = Memory(drawer)
    memory.put("view", {"name": "flagged", "marks": ["s1", "s2"]})
    memory.put("draft", "too dark")
    memory.put("draft", None)
    memory.close()
    again = Memory(drawer)
    assert again.get("view") == {"name": "flagged", "marks": ["s1", "s2"]}
    assert again.get("draft") is None
    assert set(drawer.kept) == {"view"}
    again.close()


def test_without_a_place_to_keep_it_lasts_as_long_as_the_program(tmp_path: Path) -> None:
    memory = Memory()
    memory.put("view", "flagged")
    assert memory.get("view") == "flagged"
    memory.close()


def test_what_cannot_be_kept_is_still_at_hand() -> None:
    memory = Memory(Drawer(refuses=True))
    memory.put("view", "flagged")
    memory.close()
    assert memory.get("view") == "flagged"


def test_what_somebody_spoilt_is_forgotten_and_the_rest_is_not() -> None:
    memory = Memory(Drawer({"view": "{", "layout": '"wide"'}))
    assert memory.get("view") is None
    assert memory.get("layout") == "wide"
    memory.close()


def test_what_is_too_large_is_not_written() -> None:
    drawer = Drawer()
    memory = Memory(drawer)
    memory.put("history", "x" * (VALUE_CAP + 1))
    memory.close()
    assert drawer.kept == {}

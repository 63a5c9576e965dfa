"""What the console sends to the terminal: one frame a key, few bytes, nothing while nothing changes."""

import pytest

from tests.ui.console import Console


@pytest.mark.parametrize("console", [(140, 40), (100, 30), (80, 24)], indirect=True)
async def test_one_key_is_one_frame(console: Console) -> None:
    for key in ("j", "j", "k", "j"):
        frames = await console.frames_of(key)
        print([len(f) for f in frames])
        assert len(frames) == 1, key

"""What a terminal can do, by what the system's own description of it says."""

import curses

from review_tui.ui.terminal.difference import Abilities


def abilities_of(name: str) -> Abilities:
    """Return what the terminal of this name can do; nothing beyond the usual where it is not described."""
    try:
        curses.setupterm(name, 1)
    except (curses.error, TypeError):
        return Abilities()
    repeats = curses.tigetstr("rep") == b"%p1%c\x1b[%p2%{1}%-%db"
    return Abilities(repeats=repeats, fills=curses.tigetflag("bce") == 1)

"""The keys of the console as they are configured, printed."""

import argparse

from review_tui.cli.config import key_problems
from review_tui.cli.exits import Exit
from review_tui.cli.printing import ABSENT, json_text, say, table
from review_tui.settings.config import Config
from review_tui.settings.errors import BadSettings
from review_tui.ui.commands import key_name
from review_tui.ui.keymap import Keymap


def run_keys(given: argparse.Namespace, config: Config) -> Exit:
    """Run `keys`; raises BadSettings where the configured ones cannot be used."""
    if found := key_problems(config):
        raise BadSettings(*found)
    rows = []
    for group, commands in Keymap(config.table.keys).grouped():
        for command in commands:
            if given.json:
                told = {
                    "id": command.id,
                    "keys": list(command.keys),
                    "group": str(group),
                    "help": command.help,
                }
                print(json_text(told))
            else:
                rows.append((" ".join(map(key_name, command.keys)) or ABSENT, command.id, command.help))
    if rows:
        say(table(("KEYS", "COMMAND", "WHAT"), rows))
    return Exit.OK

"""How we ask: a typed async client, usable in a script without the rest; see `review_tui.client.steve`."""

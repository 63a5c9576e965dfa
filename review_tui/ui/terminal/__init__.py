"""The terminal: what of its input is a key, and the driver that stands between it and the console."""

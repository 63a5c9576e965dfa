"""What this machine must never lose: decisions until their end is known, and the log of who did what."""

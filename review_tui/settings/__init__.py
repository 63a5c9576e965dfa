"""What may be configured; only the door reads it."""

"""What goes on behind: plain asyncio that takes what it needs and publishes values."""

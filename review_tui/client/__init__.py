"""How we ask: typed clients of the services, usable in a script."""

"""The door: the only room that knows every other."""

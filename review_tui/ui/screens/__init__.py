"""Screens: the one that owns the state, and the dialogs over it."""

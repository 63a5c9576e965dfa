"""How values look: pure functions from the model to lines of text with roles."""

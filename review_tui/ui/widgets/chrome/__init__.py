"""The lines around the panes: header, dividers, status and keys."""

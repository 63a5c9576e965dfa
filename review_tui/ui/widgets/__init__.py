"""What is drawn: panes of the one screen, none of which knows another."""

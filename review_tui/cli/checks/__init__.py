"""What the doctor looks at, a file for each side: terminal, server, machine."""

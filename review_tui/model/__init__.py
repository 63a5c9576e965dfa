"""What is true: frozen values and pure functions, without input or output."""

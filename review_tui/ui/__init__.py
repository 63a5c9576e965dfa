"""What is seen and pressed; handed workers, never a client."""

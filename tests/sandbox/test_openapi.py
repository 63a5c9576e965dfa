"""What the sandbox says of itself is what it does, as an outsider with a generator of requests finds."""




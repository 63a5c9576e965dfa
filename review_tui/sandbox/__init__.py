"""What lives here: a pretend server on loopback, written by hand from the wire contract; it is not Steve."""

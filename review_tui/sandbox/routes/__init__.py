"""What lives here: the HTTP routes, one file per noun of the wire contract."""

"""The terminal console in which reviewers clear a queue of submitted documents."""

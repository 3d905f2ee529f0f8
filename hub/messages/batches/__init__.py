"""Documents and their lists as people give them: kept, read, put right by hand, handed over."""

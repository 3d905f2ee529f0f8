"""Staff: accounts, passwords, sessions, and the roster that the units log staff in with."""

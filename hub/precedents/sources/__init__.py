"""Readers of the forms that texts come in; each gives revisions of the one schema."""

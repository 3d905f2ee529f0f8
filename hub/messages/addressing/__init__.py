"""Pages to persons: every page to the right one or to nobody."""

"""The two pages of the counter: the resident's under the pen, and the clerk's."""

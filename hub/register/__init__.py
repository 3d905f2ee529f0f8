"""The resident register: a projection of the log, searched and shown by role, drawn by glyph."""

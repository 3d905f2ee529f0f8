"""The office's own characters (外字): uploaded, traced, kept with history, sent to the units."""

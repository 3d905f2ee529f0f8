"""A tablet bench: a command runs beside an event node that looks real, and a pen writes on cue."""

"""A card bench: a command runs beside a pcscd of its own, and virtual cards come and go on cue."""

"""Everything the hub says to its units, signed: keys, roster, checkpoints, decisions, answers."""

"""What the office has told this unit, verified and kept: keys, roster, checkpoint, returns."""

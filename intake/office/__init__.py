"""What the office says to its units: who works there, what was decided, which environment."""

"""`madoguchi-edge card`: read a card from the command line, and explain a bench that fails."""

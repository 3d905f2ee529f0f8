"""`madoguchi-edge characters`: look into the tables of characters without drawing."""

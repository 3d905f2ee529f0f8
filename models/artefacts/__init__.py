"""Weights, galleries and tables that the unit runs with; each folder has its own licence file."""

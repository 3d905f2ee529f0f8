"""Entailment: whether a statement follows from a text, contradicts it, or is not stated in it."""

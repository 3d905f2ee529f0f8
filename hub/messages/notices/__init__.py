"""Kinds of notice as data: how one is recognised, its fields, and what must hold before sending."""

"""The API for core systems, version 1: an application of its own below /api/v1, with its schema."""

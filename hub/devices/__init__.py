"""The units of the office: whose key is whose, proven to the pinned root, and how each fares."""

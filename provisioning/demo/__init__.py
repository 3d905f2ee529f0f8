"""The demo office: every real process of a small municipality on one machine, for a short while."""

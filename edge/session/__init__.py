"""The counter session: one notification from greeting to reception number."""

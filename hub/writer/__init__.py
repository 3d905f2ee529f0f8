"""Intake: envelopes from the broker are judged, committed to the log, and only then receipted."""

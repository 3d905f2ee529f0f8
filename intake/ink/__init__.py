"""Ink: what a pen did, in the tablet's own units and times, and the lossless log that keeps it."""

from intake.ink.sample import AxisRange, Calibration, Ink, PenSample, Stroke, TabletDescription

__all__ = ["AxisRange", "Calibration", "Ink", "PenSample", "Stroke", "TabletDescription"]

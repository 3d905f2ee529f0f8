"""Pure checks of what a My Number card says, repeated by the hub on the bytes a unit sends.

No clock, no network, no files: the caller brings the time, the anchors and the environment.
"""

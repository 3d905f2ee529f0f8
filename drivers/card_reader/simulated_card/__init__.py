"""The virtual My Number card: files, keys, PINs and faults, answering APDUs like the real one.

It exists in demo and training only. docs/cards.md documents it for other projects' tests.
"""

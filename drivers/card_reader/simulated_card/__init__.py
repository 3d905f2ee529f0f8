"""The virtual My Number card: files, keys, PINs and faults, answering APDUs like the real one.

It exists in demo and training only. docs/card-driver.md documents it for other projects' tests.
"""

"""A simulator of the services behind the channels: boxes, telephones, and everything that fails.

It is our own: the sending interface of Mynaportal is not public. docs/channels.md describes it.
"""

"""What the hub learns about the revocation of residents' certificates, and where from.

Only notified verifiers may ask, and a municipality is one: units never ask, the hub does. Lists
and responder lie behind one gateway; an answer that cannot be used is a state, asked about again.
"""

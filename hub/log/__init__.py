"""The one log: intake events and office entries as leaves of a Merkle tree, signed."""

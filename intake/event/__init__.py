"""The event: manifest, encrypted parts, seal, receipt and all that is signed either way."""

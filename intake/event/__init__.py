"""The event: manifest, encrypted parts, seal, receipt and everything signed between unit and hub."""

"""The certificate authority of the units; it issues, renews and revokes in its own process."""

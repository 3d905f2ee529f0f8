"""The ways a message reaches a resident, all behind one small interface."""

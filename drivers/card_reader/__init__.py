"""My Number cards at the counter: real readers, recorded ones, and the virtual card."""

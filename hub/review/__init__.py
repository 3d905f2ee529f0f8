"""Review: staff look at a notification and accept it into the register, or return it."""

"""Letters for a window envelope: pages checked, the address read, compared and written anew."""

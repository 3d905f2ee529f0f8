"""Documents are parsed in children that can be killed, one each, shut in as far as may be."""

"""The office's own keys: anchor, receipt, downward and reader keys, in files of mode 0600."""

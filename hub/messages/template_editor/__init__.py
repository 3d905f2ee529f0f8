"""Notice templates as an office makes its own: from a sample document, by pointing at values."""

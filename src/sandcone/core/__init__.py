"""The nouns: values that every stage shares, and nothing that does work."""

"""The nouns: values that every stage shares. Nothing here does work, but for putting a file in its place."""

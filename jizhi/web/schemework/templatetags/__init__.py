"""Template tags of the scheme editor; the words of its differences and results."""

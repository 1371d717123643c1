"""Stars, pay and dividends: what the rules say about money for points, by hand-computed examples and drawn ones."""

"""No tables: everything is counted from claims, decisions, votes and households as they stand."""

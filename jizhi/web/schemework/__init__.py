"""Writing schemes at the desk: drafts, their editor, simulation and publication."""

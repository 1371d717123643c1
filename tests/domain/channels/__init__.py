"""Ways by which claims come in besides phone and keyboard, each through its services."""

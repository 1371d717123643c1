"""The `jizhi` command: one module per noun. Parsing and printing only; the work is done by services and the engine."""

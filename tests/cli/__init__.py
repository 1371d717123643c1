"""The `jizhi` command: what it prints, returns and leaves behind."""

"""The desk's pages, one module per noun. Import the module, not its names."""

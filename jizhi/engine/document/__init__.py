"""The meaning of the YAML: frozen models, one concept per file. Reading files is the loader's work."""

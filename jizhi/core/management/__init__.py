"""Commands of Django for people who work on the code; the product's own commands are `jizhi …`."""

"""The demonstration township: fictional people, a year of their village life, made from a seed through the services."""

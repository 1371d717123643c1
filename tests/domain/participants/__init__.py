"""Persons and organisations that take part in schemes of their own, through the services."""

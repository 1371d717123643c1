"""Households, their people over time, subjects of scoring, cards and messages. It knows no points."""

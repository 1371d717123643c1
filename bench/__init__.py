"""The measurements of the README, taken on this machine by `make bench`. Not tests: they assert nothing."""

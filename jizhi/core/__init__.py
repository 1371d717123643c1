"""What every app shares: errors, audit, points, text, names, encryption, tree paths.

It is not a domain app and holds no rule of any county; it knows no user, area or household.
"""

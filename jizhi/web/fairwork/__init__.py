"""The desk's room for fair process: resolutions, funds, dividends, pledges, and how evenly points are given."""

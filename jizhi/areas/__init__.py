"""The one tree of areas: county, township, village, grid. It knows neither the people in it nor those who serve it."""

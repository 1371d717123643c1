"""Pages walked in a real Chromium: whole journeys and looks, not the rules behind them."""

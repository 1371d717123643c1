"""Three-party recognition: household, work team, recognition group."""

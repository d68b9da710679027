"""Reading files that somebody else wrote: CSV tables (tables) and the account of what came of their rows (report)."""

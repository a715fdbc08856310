"""Under which full name each source goes, and how sure that is."""

"""Archives: what zip and tar files hold, read in place; nothing is written under a member's name."""

"""What is true of curation without a database. Plain Python."""

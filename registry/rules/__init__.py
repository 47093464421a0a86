"""What is true of donations, datasets and access without a database. Plain Python."""

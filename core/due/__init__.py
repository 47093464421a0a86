"""Work that is due: rows in the database are the truth, messages only wake a worker."""

"""Pages: donating and one's own data; the catalogue; requests, votes and agreements; the stewards' datasets."""

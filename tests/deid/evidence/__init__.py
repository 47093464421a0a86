"""Evidence: identities planted everywhere, real files, other people's validators, rules taken away one at a time."""

"""What every app stands on: accounts, audit, due work, object storage, states, errors, notifications, design."""

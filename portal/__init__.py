"""Pages that belong to no single app, and the story that `make demo` tells."""

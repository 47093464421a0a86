"""Work on pixels: what is found, what is blanked, what a hostile picture cannot do."""

"""What was given and what it became: donations, files, images, dataset versions, access requests, grants."""

"""Files that want to harm, made here, and what the door must answer to each."""

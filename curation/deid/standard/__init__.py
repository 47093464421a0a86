"""The rules: the standard's tables, our own stricter layer, and a project's."""

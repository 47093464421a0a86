"""What walls programs in that may be hostile, for whoever builds a sandbox. Plain Python over Linux, no Django."""

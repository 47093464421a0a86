"""Pictures: what is tried of decoding, searching, blanking and writing again."""

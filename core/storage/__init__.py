"""Object storage: seven zones, opaque keys, a row before every byte; a folder or any S3 behind one interface."""

"""One spider per forum engine; a source is configuration."""

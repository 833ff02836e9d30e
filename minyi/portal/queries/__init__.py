"""What the pages ask of the store: by index, never more rows than a page shows."""

"""The portal's addresses: one file a page, with what is read there and what is written."""

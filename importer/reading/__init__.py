"""A file's bytes to a `Sheet`: what the file is, its sheets, encodings, header; cells as found."""

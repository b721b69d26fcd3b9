"""Another system's export to a sheet of pins: what the mapping file says, and what it makes of a sheet."""

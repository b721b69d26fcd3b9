"""Turn another system's export into a sheet of pins, as a mapping file says."""

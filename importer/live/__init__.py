"""The live state: what the service has, what a sheet makes of it, and how that is carried out."""

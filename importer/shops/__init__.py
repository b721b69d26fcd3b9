"""Shops: what need not be typed again. A configuration file names each shop's tracker, key file, zone and mapping.

`file` understands the file, `choose` finds it and the shop in force, `access` asks the service whether all works.
"""

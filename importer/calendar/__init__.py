"""A season at a glance: what is pinned when, where two pins want one place, where a place stands empty.

`pins` takes the pins out of a checked sheet, `lanes` tells what each place shows when, `window` which weeks are looked
at, and `picture` what of it a picture has room for (all pure but the first). `draw` makes the picture, `sheet` the
sheet `Calendar` of a workbook, which needs no drawing library.
"""

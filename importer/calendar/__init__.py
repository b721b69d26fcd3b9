"""A season at a glance: what is pinned when, where two pins want one place, where a place stands empty.

`pins` takes the pins out of a checked sheet, `lanes` finds what each place shows when, `window` which weeks to look at,
and `picture` what of it a picture has room for (all pure but the first). `draw` makes the picture on its `paper`, with
the weeks of `time_axis`; `sheet` makes the sheet `Calendar` of a workbook, which needs no drawing library.
"""

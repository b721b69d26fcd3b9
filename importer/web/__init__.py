"""The page: the importer for people who never open a terminal, on this computer alone.

    doors     who may come in (pure), and the headers that every answer has
    files     what is uploaded, bounded and under names of our own
    progress  how far a run is, and how long it still takes (pure)
    work      what runs in a thread of its own; `checking` a sheet, `sending` a run, `taking_back` one
    desk      all that this process has: sheets, runs, shops, past runs
    render    values to HTML
    views     the addresses, in `sheets`, `mappings`, `calendars`, `runs`, `undos`; `events` pushes what changes
    server    listens, opens the browser, ends in good order

Nothing is decided here: the page calls `importer.check` and `importer.run_import`, as anybody may.
"""

"""The live state: what the service has, what a sheet makes of it, and how that is carried out.

    customization   one customization as the service answers it, and what is derived from that   (pure)
    service         the service, open for calls outside of a delivery
    reading         the list, page by page, single customizations, and what a look has seen of them
    look, search    what is live of a sheet's targets, by the fewest requests
    judgement       what that says of the sheet's scopes                                          (pure)
    plan            what is to become of live customizations                                      (pure)
    merge           the body of a replacement                                                     (pure)

A delivery knows nothing of this room.
"""

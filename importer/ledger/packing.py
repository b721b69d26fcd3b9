"""Bodies as the ledger holds them: packed, since a million of them are kept.

A customization as colleagues make them (560 bytes) packs to a third, one of ten short pins to a sixth, in 15
microseconds: short texts pack well only with a dictionary that knows what they look like. The dictionary belongs to
the form: another one gets another first byte, and the old ones stay readable.
"""

from __future__ import annotations

import zlib

PLAIN = b"\x00"
PACKED = b"\x01"

_LIKELY = (
    b'"target_metadata":{"title":"","image_link":"https://.jpg","price":}"creator":"","available":true'
    b'"target_type":"criteria","target_criteria":{"category":""},"pin_type":"criteria","pin_criteria":{"brand":""}'
    b'"widget_id":"","is_bundle_pin":true,"is_block_pin":true,"position":0,"position":-1,"target_type":"all"'
    b'{"id":"-4-","model":"item_detail_alternatives","model":"item_detail_complements","created_at":"2027-01-01T12:00Z"'
    b'{"model":"basket_popup","target_type":"item","target_identity":"/p/","tags":[""],"pin_definitions":['
    b'{"position":1,"pin_type":"item","pin_identity":"/p/","active_from":"2026-12-01T00:00:00+01:00",'
    b'"active_to":"2026-12-31T23:59:59+01:00"},{"position":2,"pin_type":"item","pin_identity":"'
)
"""What bodies mostly hold, the likeliest last. Never changed: what was packed with it could not be unpacked."""


def packed(body: bytes) -> bytes:
    """A body as it is kept."""
    pack = zlib.compressobj(6, zdict=_LIKELY)
    found = pack.compress(body) + pack.flush()
    return PACKED + found if len(found) < len(body) else PLAIN + body


def unpacked(kept: bytes | None) -> bytes | None:
    """The body again; `None` where none was kept, or it is damaged or of a form that is not known."""
    if not kept:
        return None
    if kept[:1] == PLAIN:
        return kept[1:]
    if kept[:1] != PACKED:
        return None
    try:
        unpack = zlib.decompressobj(zdict=_LIKELY)
        return unpack.decompress(kept[1:]) + unpack.flush()
    except zlib.error:
        return None

"""The vendor's protocol: signing and messages (pure), then a thin aiohttp client."""

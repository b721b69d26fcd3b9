"""The vendor's protocol: signing and messages (pure), then a thin aiohttp client.

What it follows, the contract: https://docs.luigisbox.com/recommendations/customization/create-customization
"""

"""Configuration files, as people write them."""

from importer.shops.choose import own_config


def shop(name, **said):
    """The lines of one shop."""
    return "\n".join([f"[shops.{name}]", *(f'{key} = "{value}"' for key, value in said.items()), ""])


def configured(text, path=None):
    """The user's own configuration, or a file."""
    path = path or own_config()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def complete(server, folder, **more):
    """What a shop says that works with this server."""
    key = folder / "the key"
    key.write_text(f"{server.private_key}\n", "utf-8")
    key.chmod(0o600)
    return {"tracker_id": server.tracker_id, "base_url": server.url, "private_key_file": key.as_posix()} | more

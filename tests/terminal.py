"""A conversation with a program on a pseudo-terminal."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

PATIENCE = 60.0


def converse(command: list[str], answers: list[tuple[str, str]], env: dict[str, str]) -> tuple[int, str]:
    """Run a command, type each answer once its question is on the screen; the exit code and the whole screen."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        command, stdin=end, stdout=end, stderr=end, env={**os.environ, **env}, start_new_session=True
    )
    os.close(end)
    screen, left, until = "", list(answers), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                screen += os.read(terminal, 65536).decode("utf-8", "replace")
            except OSError:
                break
        if left and left[0][0] in screen:
            os.write(terminal, left.pop(0)[1].encode() + b"\n")
    os.close(terminal)
    return process.wait(PATIENCE), screen

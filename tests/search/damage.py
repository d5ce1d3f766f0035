"""What happens to index directories: files cut short, bytes turned over, disks full, folders locked."""

import ctypes
import os
import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# linux/capability.h: root passes every permission by these two.
CAPABILITIES_3 = 0x20080522
DAC_OVERRIDE, DAC_READ_SEARCH = 1 << 1, 1 << 2


def replaced(path: Path, content: bytes) -> None:
    """Put other content in place of a file, as a new file: whoever has the old one mapped keeps it."""
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_bytes(content)
    fresh.replace(path)


def cut_short(path: Path) -> None:
    """Lose the second half of a file."""
    content = path.read_bytes()
    replaced(path, content[: len(content) // 2])


def turn_a_byte(path: Path) -> None:
    """One byte in the middle is another, as after a fault of the disk."""
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    replaced(path, bytes(content))


def overwrite(path: Path) -> None:
    """Other bytes in the very file that processes have mapped, as after a fault of the disk."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(random.Random(3).randbytes(size))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write in the folder or below, root neither."""
    folders = [folder, *(path for path in folder.iterdir() if path.is_dir())]
    modes = {path: path.stat().st_mode for path in folders}
    for path in folders:
        path.chmod(0o500)
    before = _set_effective(lambda effective: effective & ~(DAC_OVERRIDE | DAC_READ_SEARCH))
    try:
        yield
    finally:
        _set_effective(lambda _effective: before)
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _set_effective(change) -> int:
    """Change this thread's effective capabilities; returns what they were. Does nothing but for root."""
    if os.geteuid() != 0:
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0)
    data = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, data) == 0
    before = data[0]
    data[0] = change(before) & data[1]
    assert libc.capset(header, data) == 0
    return before

"""Walls round a media child, set before it reads a byte that others wrote: no file but its own, no network, no process,
nobody's keys. Each wall is tried: `python -I guard.py` prints as JSON which ones this machine does not give.

Landlock (Linux 5.13) shuts the file system, seccomp (3.5) sockets and other processes, and root becomes nobody. None of
them asks for a right: they hold in a container too, where a namespace of one's own is often refused.
"""

import ctypes
import json
import os
import platform
import resource
import socket
import struct
import sys
from collections.abc import Callable

OPEN_FILES = 24
NOBODY = 65534
LANDLOCK_VERSION = 1  # the flag that asks for it
# What may be done beneath the child's folder (linux/landlock.h): write, read and make plain files, nothing else.
WRITE, READ, MAKE, TRUNCATE = 1 << 1, 1 << 2, 1 << 8, 1 << 14
# By version: how many ways to touch a file there are to shut. From 4 on also TCP (2), from 6 on sockets without a name
# and signals to others (2).
WAYS = {1: 13, 2: 14, 3: 15, 4: 15}
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # of prctl
REFUSED, KILLED, ALLOWED = 0x00050000 | 13, 0x80000000, 0x7FFF0000  # what a filter answers; 13: EACCES
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
FOREIGN = 0x40000000  # x86-64 has a second table of calls
# Their numbers on x86-64 and ARM. Landlock leaves these open: sockets with a name, and what reaches other processes.
CALLS = {
    "socket": (41, 198), "socketpair": (53, 199), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129), "tkill": (200, 130),
    "tgkill": (234, 131), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "prlimit64": (302, 261),
    "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "unshare": (272, 97), "setns": (308, 268),
}  # fmt: skip


def confine(cpu_seconds: int, memory_bytes: int, output_bytes: int, threads: bool) -> None:
    """Nothing in here can take any of it back. The working folder is the one that may be written in."""
    limit(cpu_seconds, memory_bytes, output_bytes, threads)
    for wall in (become_nobody, shut_files, shut_calls):
        try:
            wall()
        except OSError:
            continue  # this machine has no such wall: the server has tried, and says so


def limit(cpu_seconds: int, memory_bytes: int, output_bytes: int, threads: bool) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))  # a second apart: SIGXCPU tells why
    limits = {
        resource.RLIMIT_FSIZE: output_bytes,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,  # a core dump would be a copy of the evidence
    }
    if sys.platform != "darwin":  # macOS counts shared libraries as used and refuses
        limits[resource.RLIMIT_AS] = memory_bytes
    if not threads:
        limits[resource.RLIMIT_NPROC] = 0  # no process, no thread (the kernel lets root off)
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def become_nobody() -> None:
    """What root may read, nobody may not; its own folder goes along."""
    if os.geteuid() == 0:
        os.chown(".", NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def shut_files() -> None:
    version = _system(444, None, 0, LANDLOCK_VERSION)
    handled = (1 << WAYS.get(version, 16)) - 1
    rights = struct.pack("=QQQ", handled, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _system(444, rights, len(rights), 0)
    here = os.open(".", os.O_PATH | os.O_DIRECTORY)
    try:
        _system(445, rules, 1, struct.pack("=Qi", (WRITE | READ | MAKE | TRUNCATE) & handled, here), 0)
        _prctl(NO_NEW_PRIVILEGES, 1)
        _system(446, rules, 0)
    finally:
        os.close(here)
        os.close(rules)


def shut_calls() -> None:
    if platform.machine() not in ARCHITECTURES:
        raise OSError("the numbers of its calls are not known")
    architecture, column = ARCHITECTURES[platform.machine()]
    refused = [numbers[column] for numbers in CALLS.values()]
    steps = [_load(4), _equal(architecture, 1, 0), _answer(KILLED), _load(0)]
    steps += [
        _at_least(FOREIGN, len(refused) + 1),
        *(_equal(call, len(refused) - n, 0) for n, call in enumerate(refused)),
    ]
    code = ctypes.create_string_buffer(b"".join([*steps, _answer(ALLOWED), _answer(REFUSED)]))
    program = struct.pack("@HP", len(steps) + 2, ctypes.addressof(code))
    _prctl(NO_NEW_PRIVILEGES, 1)
    _prctl(SECCOMP, FILTER, program)


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", 0x20, 0, 0, offset)


def _equal(value: int, then: int, otherwise: int) -> bytes:
    return struct.pack("=HBBI", 0x15, then, otherwise, value)


def _at_least(value: int, then: int) -> bytes:
    return struct.pack("=HBBI", 0x35, then, 0, value)


def _answer(value: int) -> bytes:
    return struct.pack("=HBBI", 0x06, 0, 0, value)


def _system(number: int, *arguments: int | bytes | None) -> int:
    return _asked("syscall", number, *arguments)


def _prctl(what: int, *arguments: int | bytes) -> int:
    return _asked("prctl", what, *arguments, *[0] * (4 - len(arguments)))


def _asked(function: str, *arguments: int | bytes | None) -> int:
    if sys.platform != "linux":
        raise OSError("only Linux has it")
    call = getattr(ctypes.CDLL(None, use_errno=True), function)
    call.restype = ctypes.c_long
    answer = call(*(ctypes.c_long(one) if isinstance(one, int) else one for one in arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), function)
    return int(answer)


# What a child that was taken over would try first.


def reads_others() -> None:
    with open("/etc/passwd", "rb") as file:
        file.read(1)


def connects() -> None:
    socket.socket(socket.AF_UNIX).close()


def is_root() -> None:
    if os.geteuid() == 0:
        return
    raise OSError("nobody")


TRIES: dict[str, Callable[[], None]] = {"files": reads_others, "network": connects, "root": is_root}


def gaps() -> list[str]:
    found = []
    for name, attempt in TRIES.items():
        try:
            attempt()
        except OSError:
            continue
        found.append(name)
    return found


if __name__ == "__main__":
    confine(cpu_seconds=5, memory_bytes=512 * 1024 * 1024, output_bytes=0, threads=True)
    print(json.dumps(gaps()), flush=True)
    os._exit(0)

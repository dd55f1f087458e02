# SPDX-License-Identifier: GPL-2.0-or-later
"""Into a network namespace by its name; Debian 12's Python has no os.setns()."""
import ctypes
import os

CLONE_NEWNET = 0x40000000


def enter(name):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{name}") as ns:
        if libc.setns(ns.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)


def back(here):
    """To the namespace of an open file."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(here.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

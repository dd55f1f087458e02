#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Load a kernel for kexec, or for after a crash; or start the one that is loaded, through the drivers' way down.

usage: kexec.py load|crash KERNEL INITRD CMDLINE
       kexec.py go
"""
import ctypes
import os
import sys

KEXEC_FILE_LOAD, REBOOT = 320, 169      # x86-64
ON_CRASH = 2
MAGIC, MAGIC2, KEXEC = 0xfee1dead, 672274793, 0x45584543

libc = ctypes.CDLL(None, use_errno=True)


def call(*arguments):
    if libc.syscall(*[a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]) < 0:
        sys.exit(os.strerror(ctypes.get_errno()))


if sys.argv[1] == 'go':
    os.sync()
    call(REBOOT, MAGIC, MAGIC2, KEXEC, 0)
kernel, initrd = (os.open(path, os.O_RDONLY) for path in sys.argv[2:4])
cmdline = sys.argv[4].encode() + b'\0'
call(KEXEC_FILE_LOAD, kernel, initrd, len(cmdline), cmdline, ON_CRASH if sys.argv[1] == 'crash' else 0)

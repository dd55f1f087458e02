#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Single datagrams to a socket that polls its queue for 3 s at a time: each must come while it does, not at the end.

usage: busy_poll.py FROM-NS TO-NS ADDRESS
"""
import os
import socket
import sys
import time

from netns import enter

SO_BUSY_POLL, PORT, COUNT = 46, 7002, 8

from_ns, to_ns, address = sys.argv[1:]
enter(to_ns)
rx = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
rx.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL, 3000000)
rx.bind((address, PORT))
if os.fork() == 0:
    enter(from_ns)
    tx = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for n in range(COUNT):
        tx.sendto(str(time.monotonic()).encode(), (address, PORT))
        time.sleep(0.5)
    os._exit(0)
# the first one tells the socket its queue
rx.recv(100)
for n in range(1, COUNT):
    late = time.monotonic() - float(rx.recv(100))
    if late > 1.5:
        sys.exit(f"datagram {n} came {late:.1f} s late")

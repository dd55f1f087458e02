#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""flows.py ADDRESS COUNT: on each CPU, COUNT datagrams, each from a port of its own."""
import os
import socket
import sys

address, count = sys.argv[1], int(sys.argv[2])
for cpu in sorted(os.sched_getaffinity(0)):
    os.sched_setaffinity(0, {cpu})
    for i in range(count):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("", 20000 + cpu * count + i))
            s.sendto(b"x" * 64, (address, 9))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bursts of datagrams that one send() hands over and the device separates. usage: udp_gso.py NETNS NETNS ADDRESS"""
import socket
import sys

from netns import enter

UDP_SEGMENT = 103
SIZE, COUNT, BURSTS, PORT = 1000, 20, 30, 7001


def datagram(n):
    return n.to_bytes(4, "big") * (SIZE // 4)


sender_ns, receiver_ns, address = sys.argv[1:]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
enter(receiver_ns)
rx = socket.socket(family, socket.SOCK_DGRAM)
rx.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
rx.settimeout(5)
rx.bind((address, PORT))
enter(sender_ns)
tx = socket.socket(family, socket.SOCK_DGRAM)
tx.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, SIZE)
for burst in range(BURSTS):
    # the last datagram of every second burst is shorter
    short = SIZE // 2 if burst % 2 else SIZE
    want = [datagram(burst * COUNT + i) for i in range(COUNT)]
    want[-1] = want[-1][:short]
    tx.sendto(b"".join(want), (address, PORT))
    got = sorted(rx.recv(65536) for _ in want)
    if got != sorted(want):
        sys.exit(f"burst {burst}: what arrived is not what was sent")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames arrive, and how they look. usage: frames.py FROM-NS DEV TO-NS DEV DESTINATION...

One frame to each destination, the last one to the receiver's own address: what has not come before that was not received.
Prints the destinations that arrived; with FCS=1 in the environment each frame must end with its FCS, else with its payload.
"""
import os
import socket
import sys
import zlib

from netns import enter

ETHERTYPE = b"\x88\xb5"
SIZE = 200


def packet_socket(ns, dev):
    enter(ns)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88b5))
    s.bind((dev, 0x88b5))
    s.settimeout(10)
    return s, s.getsockname()[4]


def fcs_is_right(frame):
    return len(frame) == SIZE + 4 and zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "little")


from_ns, from_dev, to_ns, to_dev, *destinations = sys.argv[1:]
rx, own = packet_socket(to_ns, to_dev)
tx, source = packet_socket(from_ns, from_dev)
wanted = [bytes.fromhex(d.replace(":", "")) for d in destinations] + [own]
for n, mac in enumerate(wanted):
    tx.send((mac + source + ETHERTYPE + n.to_bytes(2, "big")).ljust(SIZE, b"x"))
arrived = []
while not arrived or arrived[-1] != len(wanted) - 1:
    frame = rx.recv(65536)
    if frame[6:12] != source:
        continue
    if os.environ.get("FCS") == "1":
        if not fcs_is_right(frame):
            sys.exit(f"{len(frame)} bytes, the last are {frame[-4:].hex()}: no FCS")
    elif len(frame) != SIZE:
        sys.exit(f"{len(frame)} bytes of {SIZE}")
    arrived.append(int.from_bytes(frame[14:16], "big"))
print(*(destinations[n] for n in arrived[:-1]))

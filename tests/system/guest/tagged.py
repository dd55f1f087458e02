#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which tags come through: frames with tags of our own making from one namespace to another.

usage: tagged.py FROM DEV TO DEV STACK...

A STACK is 8100:5, 88a8:24+8100:371, untagged, or all:8100, which is each id from 1 to 4094.
Prints the stacks that arrived, in their order, each on a line; of all:TPID only the number.
"""
import socket
import struct
import sys
import time

from netns import enter

ETH_P_ALL = 3
MARK = 0x88B5  # for experiments; nobody else sends it
SOL_PACKET, PACKET_AUXDATA = 263, 8
VLAN_VALID, TPID_VALID = 1 << 4, 1 << 6
ROUND = 64


def packet_socket(netns, dev):
    enter(netns)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((dev, ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return sock


def parse(stack):
    if stack == "untagged":
        return []
    return [(int(a, 16), int(b)) for a, b in (tag.split(":") for tag in stack.split("+"))]


def inner_tags(data):
    """Tags in the frame, and where they end."""
    tags, at = [], 12
    while data[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        tags.append((int.from_bytes(data[at:at + 2], "big"), int.from_bytes(data[at + 2:at + 4], "big") & 0xFFF))
        at += 4
    return tags, at


def decode(data, aux):
    """The number in one of our frames, or None, and its tags as on the wire: the stack takes out the outermost."""
    tags, at = inner_tags(data)
    if data[at:at + 2] != struct.pack("!H", MARK):
        return None, None
    status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", aux)
    if status & VLAN_VALID:
        tags.insert(0, (tpid if status & TPID_VALID else 0x8100, tci & 0xFFF))
    return struct.unpack("!I", data[at + 2:at + 6])[0], tags


class Link:
    def __init__(self, source, sdev, target, tdev):
        self.rx = packet_socket(target, tdev)
        self.tx = packet_socket(source, sdev)
        self.addresses = self.rx.getsockname()[4] + self.tx.getsockname()[4]
        self.number = int(time.time() * 1000) & 0x7FFFFFFF
        self.arrived = {}

    def send(self, tags, number):
        head = self.addresses + b"".join(struct.pack("!HH", tpid, vid) for tpid, vid in tags)
        self.tx.send((head + struct.pack("!HI", MARK, number)).ljust(64, b"\0"))

    def collect(self, silence):
        """Until nothing came for so long."""
        self.rx.settimeout(silence)
        try:
            while True:
                data, anc, _, _ = self.rx.recvmsg(256, 64)
                aux = next(d for level, kind, d in anc if (level, kind) == (SOL_PACKET, PACKET_AUXDATA))
                number, tags = decode(data, aux)
                self.arrived[number] = tags
        except TimeoutError:
            pass

    def pass_on(self, stacks):
        """Those of the stacks that arrive. What is sent behind them, untagged, has to."""
        first, last = self.number, self.number + len(stacks)
        self.number = last + 1
        end = time.time() + 20
        for i, tags in enumerate(stacks):
            self.send(tags, first + i)
        while last not in self.arrived:
            if time.time() > end:
                sys.exit("not even an untagged frame arrives")
            self.collect(0.1)
            self.send([], last)
        self.collect(0.1)
        for i, tags in enumerate(stacks):
            if self.arrived.get(first + i, tags) != tags:
                sys.exit(f"sent {tags}, received {self.arrived[first + i]}")
        return [tags for i, tags in enumerate(stacks) if first + i in self.arrived]


def main():
    link = Link(*sys.argv[1:5])
    for stack in sys.argv[5:]:
        if not stack.startswith("all:"):
            if link.pass_on([parse(stack)]):
                print(stack)
            continue
        tpid, n = int(stack[4:], 16), 0
        for vid in range(1, 4095, ROUND):
            n += len(link.pass_on([[(tpid, v)] for v in range(vid, min(vid + ROUND, 4095))]))
        print(n)


main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""A little rtnetlink: what orchestrators do with a link, without a process for each step, so that nothing has time to settle."""
import os
import socket
import struct

import netns

NEWLINK, DELLINK, GETLINK = 16, 17, 18
ADDRESS, IFNAME, MTU, NET_NS_FD = 1, 3, 4, 28
IFF_UP = 1
GROUP_LINK = 1
F_REQUEST, F_ACK = 1, 4


def attr(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def attrs(data):
    out = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4:
            break
        out[kind & 0x3fff] = data[4:size]
        data = data[(size + 3) & ~3:]
    return out


class Link:
    """One message about a link."""

    def __init__(self, kind, body):
        self.gone = kind == DELLINK
        self.index, self.flags = struct.unpack_from("=iI", body, 4)
        found = attrs(body[16:])
        self.name = found.get(IFNAME, b"\0")[:-1].decode()
        self.mac = ":".join(f"{b:02x}" for b in found.get(ADDRESS, b""))
        self.mtu = struct.unpack("=I", found[MTU])[0] if MTU in found else 0


class Rtnl:
    """A socket in the network namespace of that name; None: where we are."""

    def __init__(self, name=None, groups=0):
        if name is None:
            self.socket = self.open(groups)
            return
        with open("/proc/self/ns/net") as here:
            netns.enter(name)
            self.socket = self.open(groups)
            netns.back(here)

    @staticmethod
    def open(groups):
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind((0, groups))
        return sock

    def messages(self, timeout=None):
        self.socket.settimeout(timeout)
        data = self.socket.recv(1 << 16)
        while len(data) >= 16:
            size, kind, _, _, _ = struct.unpack_from("=IHHII", data)
            yield kind, data[16:size]
            data = data[(size + 3) & ~3:]

    def ask(self, kind, body):
        """The answer's link, if there is one; OSError as the kernel says it."""
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, F_REQUEST | F_ACK, 1, 0) + body)
        link = None
        while True:
            for got, rest in self.messages():
                if got in (NEWLINK, DELLINK):
                    link = Link(got, rest)
                elif got == 2:
                    err = -struct.unpack_from("=i", rest)[0]
                    if err:
                        raise OSError(err, os.strerror(err))
                    return link

    @staticmethod
    def head(index, flags=0, change=0):
        return struct.pack("=BBHiII", 0, 0, 0, index, flags, change)

    def get(self, name):
        return self.ask(GETLINK, self.head(0) + attr(IFNAME, name.encode() + b"\0"))

    def set(self, index, *what, flags=0, change=0):
        self.ask(NEWLINK, self.head(index, flags, change) + b"".join(what))

    def up(self, index):
        self.set(index, flags=IFF_UP, change=IFF_UP)

    def down(self, index):
        self.set(index, flags=0, change=IFF_UP)

    def rename(self, index, name):
        self.set(index, attr(IFNAME, name.encode() + b"\0"))

    def mac(self, index, mac):
        self.set(index, attr(ADDRESS, bytes.fromhex(mac.replace(":", ""))))

    def mtu(self, index, mtu):
        self.set(index, attr(MTU, struct.pack("=I", mtu)))

    def move(self, index, path):
        with open(path) as target:
            self.set(index, attr(NET_NS_FD, struct.pack("=I", target.fileno())))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where packets land: frames of many flows to a VF, and on each queue as many as its RSS table and key say.

usage: rss.py land RX_DEV TX_DEV FLOW FIELDS   in the sender's namespace n2; the receiver is VF 0 in n1
       rss.py both RX_DEV TX_DEV FLOW          both directions of a flow land on one queue

The hash is computed here from what ethtool -x of the receiver shows. Nobody answers the frames: their
addresses are nobody's, only the MAC is the receiver's.
"""
import json
import random
import re
import socket
import struct
import subprocess
import sys
import time

FLOWS = 300
PROTO = {"tcp": (6, 20), "udp": (17, 8), "sctp": (132, 12)}
RXNS = ["ip", "netns", "exec", "n1"]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Rss:
    def __init__(self, dev):
        text = run(*RXNS, "ethtool", "-x", dev)
        self.table = [int(n) for row in re.findall(r"^ *\d+: (.*)$", text, re.M) for n in row.split()]
        key = re.search(r"^((?:[0-9a-f]{2}:){8,}[0-9a-f]{2})$", text, re.M).group(1)
        self.key = bytes.fromhex(key.replace(":", ""))
        self.symmetric = "symmetric-xor: on" in text

    def hash(self, data):
        key = int.from_bytes(self.key, "big")
        bits = len(self.key) * 8
        result = 0
        for i in range(len(data) * 8):
            if data[i // 8] >> (7 - i % 8) & 1:
                result ^= key >> (bits - 32 - i) & 0xffffffff
        return result

    def queue(self, flow, fields):
        src, dst, sport, dport = flow
        if self.symmetric:
            src = dst = bytes(a ^ b for a, b in zip(src, dst)) if {"s", "d"} <= set(fields) else src
            if {"f", "n"} <= set(fields):
                sport = dport = sport ^ dport
        parts = {"s": src, "d": dst, "f": struct.pack("!H", sport), "n": struct.pack("!H", dport)}
        data = b"".join(parts[f] for f in "sdfn" if f in fields)
        return self.table[self.hash(data) % len(self.table)]


def checksum(header):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(macs, kind, flow):
    src, dst, sport, dport = flow
    proto, length = PROTO[kind[:-1]]
    l4 = struct.pack("!HH", sport, dport) + bytes(length - 4)
    if kind.startswith("tcp"):
        l4 = l4[:12] + b"\x50\x02" + l4[14:]
    elif kind.startswith("udp"):
        l4 = l4[:4] + struct.pack("!HH", length, 0)
    if kind[-1] == "4":
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, 64, proto, 0) + src + dst
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        return macs + b"\x08\x00" + ip + l4
    return macs + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, length, proto, 64) + src + dst + l4


def mac(dev, *where):
    return bytes.fromhex(json.loads(run(*where, "ip", "-j", "link", "show", dev))[0]["address"].replace(":", ""))


def flows(kind, rnd):
    """TEST-NET and documentation addresses: nobody's."""
    def address(net):
        if kind[-1] == "4":
            return bytes([198, 18 + net, rnd.randrange(256), rnd.randrange(1, 255)])
        return bytes.fromhex("20010db8") + bytes([net]) + rnd.randbytes(11)
    while True:
        yield address(0), address(1), rnd.randrange(1, 65536), rnd.randrange(1, 65536)


def counts():
    return json.loads(run("avfsimctl", "queue-counts", "0"))["rx"]


class Sender:
    def __init__(self, rx, tx):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((tx, 0))
        self.macs = mac(rx, *RXNS) + mac(tx)

    def send(self, kind, some):
        """What arrived of them, by queue; waits until all did."""
        before = counts()
        for flow in some:
            self.socket.send(frame(self.macs, kind, flow))
        end = time.monotonic() + 10
        while True:
            got = [b - a for a, b in zip(before, counts())]
            if sum(got) >= len(some) or time.monotonic() > end:
                return got
            time.sleep(0.02)


def land(rx, tx, kind, fields):
    rss, sender = Rss(rx), Sender(rx, tx)
    some = flows(kind, random.Random(7))
    # a frame of somebody else's in between is no proof of anything
    for _ in range(6):
        batch = [next(some) for _ in range(FLOWS)]
        want = [0] * len(counts())
        for flow in batch:
            want[rss.queue(flow, fields)] += 1
        got = sender.send(kind, batch)
        if got == want:
            print(f"{kind} {fields}: {want}")
            return
        print(f"{kind} {fields}: wanted {want}, got {got}")
    sys.exit(f"{kind} by {fields} do not land where key and table say")


def landed(sender, kind, flow):
    """On which queue; asked again until exactly one frame came."""
    for _ in range(6):
        got = sender.send(kind, [flow])
        if sum(got) == 1:
            return got.index(1)
    sys.exit(f"one frame sent, {got} came")


def both(rx, tx, kind):
    sender = Sender(rx, tx)
    some = flows(kind, random.Random(11))
    for _ in range(8):
        src, dst, sport, dport = next(some)
        there, back = landed(sender, kind, (src, dst, sport, dport)), landed(sender, kind, (dst, src, dport, sport))
        if there != back:
            sys.exit(f"{kind}: queue {there} there, {back} back")


{"land": land, "both": both}[sys.argv[1]](*sys.argv[2:])

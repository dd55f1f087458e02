#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A stream of small datagrams that are sent back, and how long nothing came back.

usage: probe.py echo              send back what arrives, for ever
       probe.py client ADDRESS    a line on standard input asks: "wait" is answered once a datagram that was sent after it is
                                  back, with the longest time in ms without an answer since the last line; "mark" at once
"""
import select
import socket
import sys
import time

PORT = 5400
EVERY = 0.004


def echo():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(('', PORT))
    while True:
        data, sender = sock.recvfrom(64)
        try:
            sock.sendto(data, sender)
        except OSError:
            pass


class Client:
    def __init__(self, address):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.to = (address, PORT)
        self.sent = self.wanted = 0
        self.waiting = False
        self.last, self.gap = time.monotonic(), 0.0

    def say(self):
        self.waiting = False
        print(f'{self.gap * 1000:.1f}', flush=True)
        self.gap = 0.0

    def send(self):
        self.sent += 1
        try:
            self.sock.sendto(str(self.sent).encode(), self.to)
        except OSError:     # no carrier, no route: as good as lost
            pass

    def receive(self):
        newest = 0
        try:
            while True:
                newest = max(newest, int(self.sock.recv(64)))
        except OSError:
            pass
        if not newest:
            return
        now = time.monotonic()
        self.gap, self.last = max(self.gap, now - self.last), now
        if self.waiting and newest > self.wanted:
            self.say()

    def order(self, line):
        if line == 'mark':
            self.say()
        elif line == 'wait':
            self.waiting, self.wanted = True, self.sent

    def run(self):
        due = time.monotonic()
        while True:
            ready = select.select([self.sock, sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]
            if self.sock in ready:
                self.receive()
            if sys.stdin in ready:
                line = sys.stdin.readline()
                if not line:
                    return
                self.order(line.strip())
            if time.monotonic() >= due:
                self.send()
                due = max(due + EVERY, time.monotonic())


if sys.argv[1] == 'echo':
    echo()
Client(sys.argv[2]).run()

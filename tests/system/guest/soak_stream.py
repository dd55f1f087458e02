#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A slow TCP stream whose receiver knows each byte. Reconnects when nothing moves; never ends by itself.

usage: soak_stream.py server FILE     count received bytes into FILE; a wrong one ends it with 1
       soak_stream.py client ADDRESS
"""
import os
import socket
import sys
import time

PORT = 5300
CHUNK = 16384
STALL_MS = 4000
PERIOD = 251
PATTERN = bytes(range(PERIOD)) * (CHUNK // PERIOD + 3)


def note(path, text):
    with open(path + '.new', 'w') as f:
        f.write(text)
    os.rename(path + '.new', path)


def receive(conn, path, total):
    at = 0
    conn.settimeout(STALL_MS / 1000)
    while True:
        data = conn.recv(CHUNK)
        if not data:
            return total
        if data != PATTERN[at % PERIOD:at % PERIOD + len(data)]:
            note(path, f'wrong bytes behind byte {at} of a connection')
            sys.exit(1)
        at += len(data)
        total += len(data)
        note(path, str(total))


def server(path):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('', PORT))
    listener.listen(4)
    total = 0
    note(path, '0')
    while True:
        conn, _ = listener.accept()
        try:
            total = receive(conn, path, total)
        except OSError:
            total = int(open(path).read())
        conn.close()


def client(address):
    while True:
        try:
            with socket.create_connection((address, PORT), timeout=2) as conn:
                conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALL_MS)
                conn.settimeout(STALL_MS / 1000)
                at = 0
                while True:
                    conn.sendall(PATTERN[at % PERIOD:at % PERIOD + CHUNK])
                    at += CHUNK
                    time.sleep(0.03)
        except OSError:
            time.sleep(0.2)


if sys.argv[1] == 'server':
    server(sys.argv[2])
client(sys.argv[2])

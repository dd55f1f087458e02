#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random bytes over TCP, and their digest at both ends: with checksums made by the device, a wrong
byte is as good as any other to the stack.

usage: bytes.py serve              one connection, to its end
       bytes.py send ADDRESS BYTES
"""
import hashlib
import os
import socket
import sys
import time

PORT = 5400
CHUNK = 1 << 18     # large pieces of memory: descriptors are split
PATIENCE = 20       # seconds, to connect


def serve():
    digest = hashlib.sha256()
    with socket.create_server(('', PORT)) as listener:
        conn, _ = listener.accept()
        while data := conn.recv(CHUNK):
            digest.update(data)
    print(digest.hexdigest())


def connect(address):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((address, PORT), timeout=PATIENCE)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def send(address, count):
    digest = hashlib.sha256()
    with connect(address) as conn:
        for _ in range(count // CHUNK):
            data = os.urandom(CHUNK)
            digest.update(data)
            conn.sendall(data)
    print(digest.hexdigest())


{'serve': serve, 'send': lambda: send(sys.argv[2], int(sys.argv[3]))}[sys.argv[1]]()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A stream over SCTP arrives whole. usage: sctp.py NETNS NETNS ADDRESS"""
import hashlib
import socket
import sys
import threading

from netns import enter

TOTAL, PORT, SCTP = 400000, 7002, 132

sender_ns, receiver_ns, address = sys.argv[1:]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
enter(receiver_ns)
listener = socket.socket(family, socket.SOCK_STREAM, SCTP)
listener.settimeout(20)
listener.bind((address, PORT))
listener.listen()
enter(sender_ns)
data = hashlib.shake_256(b"iavf").digest(TOTAL)
tx = socket.socket(family, socket.SOCK_STREAM, SCTP)
tx.settimeout(20)


def send():
    tx.connect((address, PORT))
    for i in range(0, TOTAL, 1000):
        tx.sendall(data[i:i + 1000])
    tx.close()


thread = threading.Thread(target=send)
thread.start()
rx, _ = listener.accept()
rx.settimeout(20)
got = b""
while chunk := rx.recv(65536):
    got += chunk
thread.join()
if got != data:
    sys.exit(f"{len(got)} of {TOTAL} bytes, or not those that were sent")

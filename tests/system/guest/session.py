#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The session descriptor in hands of ours: opened, inherited, passed on. It is never read nor written.

usage: session.py open [force]           hold it until killed
       session.py inherit [force]        open it, give it to a child that holds it, and end
       session.py pass PATH [force]      open it, send it to the process that listens at PATH, and end
       session.py receive PATH           get it from there and hold it until killed
       session.py loop SECONDS           open it and close it again, over and over, as one that dies in adopting
"""
import os
import re
import socket
import struct
import sys
import time

SPEC = open('/share/iavf_netlink.h').read()
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
NLMSG_ERROR, REQUEST_ACK, CAP_ACK, EXT_ACK, ATTR_MSG = 2, 5, 10, 11, 1


def number(name):
    return int(re.search(rf'\b{name}\s*=?\s*(\d+)', SPEC).group(1))


def attributes(data):
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from('HH', data, at)
        yield kind & 0x3fff, data[at + 4:at + length]
        at += (length + 3) & ~3


def attribute(kind, value):
    return struct.pack('HH', 4 + len(value), kind) + value + b'\0' * (-len(value) % 4)


def ask(sock, family, command, version, body):
    """The attributes of the answer."""
    payload = struct.pack('BBH', command, version, 0) + body
    sock.send(struct.pack('IHHII', 16 + len(payload), family, REQUEST_ACK, 1, 0) + payload)
    answer = {}
    while True:
        data = sock.recv(65536)
        length, kind = struct.unpack_from('IH', data)
        if kind != NLMSG_ERROR:
            answer = dict(attributes(data[20:length]))
            continue
        err = struct.unpack_from('i', data, 16)[0]
        if err:
            words = dict(attributes(data[36:length])).get(ATTR_MSG, b'').rstrip(b'\0').decode()
            raise OSError(-err, words or os.strerror(-err))
        return answer


def open_session(force):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as sock:
        sock.bind((0, 0))
        sock.setsockopt(270, CAP_ACK, 1)
        sock.setsockopt(270, EXT_ACK, 1)
        family = struct.unpack('H', ask(sock, CTRL, GETFAMILY, 1, attribute(FAMILY_NAME, b'iavf\0'))[FAMILY_ID])[0]
        body = attribute(number('IAVF_A_SESSION_ABI'), struct.pack('I', number('IAVF_ABI')))
        if force:
            body += attribute(number('IAVF_A_SESSION_FORCE'), b'')
        answer = ask(sock, family, number('IAVF_CMD_SESSION_OPEN'), 1, body)
        return struct.unpack('i', answer[number('IAVF_A_SESSION_FD')])[0]


def hold():
    while True:
        time.sleep(3600)


def pass_on(path, fd):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(path)
        socket.send_fds(sock, [b'x'], [fd])
        sock.recv(1)


def receive(path):
    """The descriptor."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        conn, _ = listener.accept()
        fd = socket.recv_fds(conn, 1, 1)[1][0]
        conn.send(b'x')
        return fd


def loop(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fd = open_session(False)
        os.read(fd, 1 << 19)
        time.sleep(0.1)
        os.close(fd)


def main(what, *args):
    force = 'force' in args
    if what == 'open':
        open_session(force)
        hold()
    elif what == 'inherit':
        open_session(force)
        if not os.fork():
            hold()
    elif what == 'pass':
        pass_on(args[0], open_session(force))
    elif what == 'receive':
        receive(args[0])
        hold()
    elif what == 'loop':
        loop(float(args[0]))


main(*sys.argv[1:])

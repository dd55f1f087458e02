#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Set the address of an interface at once after something that resets its VF; prints one line a try.

usage: mac_race.py NAMESPACE NAME MAC COMMAND...     NAMESPACE: - for this one
       mac_race.py --appears PCI MAC                 bind the VF to iavf; the very first message about its interface starts it
Exit code 0 when the kernel took it at once, else the errno.
"""
import errno
import os
import subprocess
import sys
import time

from rtnl import Rtnl


def attempt(what, step):
    start = time.monotonic()
    try:
        step()
    except OSError as e:
        print(f"{what}: {errno.errorcode.get(e.errno)} after {1000 * (time.monotonic() - start):.0f} ms")
        sys.exit(e.errno)
    print(f"{what}: done in {1000 * (time.monotonic() - start):.0f} ms")


def appears(pci, mac):
    watch, rtnl = Rtnl(groups=1), Rtnl()
    pid = os.fork()
    if not pid:
        with open("/sys/bus/pci/drivers/iavf/bind", "w") as f:
            f.write(pci)
        os._exit(0)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for _ in watch.messages(timeout=20):
            pass
        try:
            name = os.listdir(f"/sys/bus/pci/devices/{pci}/net")[0]
            index = int(open(f"/sys/bus/pci/devices/{pci}/net/{name}/ifindex").read())
            break
        except (OSError, IndexError):
            continue
    else:
        sys.exit("no interface")
    attempt("mac", lambda: rtnl.mac(index, mac))
    attempt("mtu", lambda: rtnl.mtu(index, 1400))
    attempt("up", lambda: rtnl.up(index))
    os.waitpid(pid, 0)


def main():
    if sys.argv[1] == "--appears":
        appears(*sys.argv[2:])
        return
    where, name, mac = sys.argv[1:4]
    rtnl = Rtnl(None if where == "-" else where)
    index = rtnl.get(name).index
    subprocess.run(sys.argv[4:], check=True, stdout=subprocess.DEVNULL)
    attempt("mac", lambda: rtnl.mac(index, mac))


main()

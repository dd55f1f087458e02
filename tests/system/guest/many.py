#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many VFs in one guest: how long until all have come up, and what the daemon costs when nothing happens.

usage: many.py up                  binds all VFs anew: until all have their interface, until all have a link, ms
       many.py idle SECONDS        the daemon: memory, and how often its threads woke up
Prints one JSON object.
"""
import glob
import json
import os
import subprocess
import sys
import time

from rtnl import Rtnl

IAVF = "/sys/bus/pci/drivers/iavf"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def netdevs():
    return glob.glob(f"{IAVF}/*/net/*")


def until(limit, reached):
    end = time.monotonic() + limit
    while not reached():
        if time.monotonic() > end:
            sys.exit(f"not within {limit} s: {len(netdevs())} interfaces, "
                     f"{sum(has_link(d) for d in netdevs())} with a link")
        time.sleep(0.01)


def has_link(device):
    try:
        with open(f"{device}/carrier") as f:
            return f.read().strip() == "1"
    except OSError:
        return False


def up():
    count = len(netdevs())
    run("modprobe", "-r", "iavf")
    start = time.monotonic()
    run("modprobe", "iavf")
    loaded = time.monotonic()
    until(120, lambda: len(netdevs()) >= count)
    there = time.monotonic()
    run("udevadm", "settle", "-t", "120")
    settled = time.monotonic()
    rtnl = Rtnl()
    for device in netdevs():
        rtnl.up(int(open(f"{device}/ifindex").read()))
    until(120, lambda: all(has_link(d) for d in netdevs()))
    linked = time.monotonic()
    print(json.dumps({"vfs": count, "modprobe_ms": round(1000 * (loaded - start)), "all_netdevs_ms": round(1000 * (there - start)),
                      "settle_ms": round(1000 * (settled - there)), "all_up_ms": round(1000 * (linked - settled))}))


def status(path):
    with open(path) as f:
        return dict(line.rstrip("\n").split(":", 1) for line in f)


def daemon():
    return run("systemctl", "show", "-P", "MainPID", "iavfd").strip()


def wakeups(pid):
    return {int(t): int(status(f"/proc/{pid}/task/{t}/status")["voluntary_ctxt_switches"]) for t in os.listdir(f"/proc/{pid}/task")}


def idle(seconds):
    pid = daemon()
    time.sleep(3)
    before = wakeups(pid)
    time.sleep(seconds)
    after = wakeups(pid)
    said = status(f"/proc/{pid}/status")
    print(json.dumps({"seconds": seconds, "rss_kib": int(said["VmRSS"].split()[0]), "locked_kib": int(said["VmLck"].split()[0]),
                      "threads": len(after), "wakeups": sum(after.values()) - sum(before.values())}))


if sys.argv[1] == "up":
    up()
else:
    idle(int(sys.argv[2]))

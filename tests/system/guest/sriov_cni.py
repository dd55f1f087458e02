#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What sriov-cni does with a VF when a pod comes and goes, step by step and as fast, COUNT times; counts what it had to retry.

usage: sriov_cni.py COUNT VF NAME     VF: its number at the PF, NAME: its interface; n2 has 10.9.0.2 to be reached
Prints one JSON object. Exit code 1 when a step failed for good, or traffic did not pass.
"""
import collections
import json
import subprocess
import sys
import time

from rtnl import Rtnl

TRIES, PAUSE = 20, 0.1      # as sriov-cni has it
ORIG = "00:00:00:00:00:00"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def host(*command):
    """On the host, at the PF."""
    run("avfsimctl", *command)


class Pod:
    def __init__(self, number, vf, name):
        self.number, self.vf, self.name = number, vf, name
        self.mac = f"02:00:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
        self.ns, self.tmp = f"pod{number}", f"tmp{number}"


retries = collections.Counter()
trouble = []
mac_ms = []


def retrying(what, step):
    error = None
    for _ in range(TRIES):
        try:
            return step()
        except OSError as e:
            error = e
            retries[f"{what}: {e.strerror}"] += 1
            time.sleep(PAUSE)
    raise error


def effective_mac(rtnl, name, mac):
    """Set and read back, as one step."""
    index = rtnl.get(name).index
    rtnl.mac(index, mac)
    got = rtnl.get(name).mac
    if got != mac:
        raise OSError(0, "address not taken")


def set_mac(rtnl, name, mac):
    start = time.monotonic()
    retrying("mac", lambda: effective_mac(rtnl, name, mac))
    mac_ms.append(1000 * (time.monotonic() - start))


def path(ns):
    return f"/run/netns/{ns}"


def step(what, rtnl, name, method, *args):
    retrying(what, lambda: getattr(rtnl, method)(rtnl.get(name).index, *args))


def add(pod, here):
    run("ip", "netns", "add", pod.tmp)
    run("ip", "netns", "add", pod.ns)
    there, inside = Rtnl(pod.tmp), Rtnl(pod.ns)
    retrying("admin mac", lambda: host("mac", pod.vf, pod.mac))
    step("to temporary namespace", here, pod.name, "move", path(pod.tmp))
    step("rename", there, pod.name, "rename", "net1")
    step("to pod", there, "net1", "move", path(pod.ns))
    set_mac(inside, "net1", pod.mac)
    step("up", inside, "net1", "up")
    return inside, there


def delete(pod, here, inside, there, original):
    host("mac", pod.vf, ORIG)
    step("down", inside, "net1", "down")
    step("to temporary namespace", inside, "net1", "move", path(pod.tmp))
    step("rename", there, "net1", "rename", pod.name)
    step("to host", there, pod.name, "move", "/proc/1/ns/net")
    set_mac(here, pod.name, original)
    run("ip", "netns", "del", pod.tmp)
    run("ip", "netns", "del", pod.ns)


def works(pod):
    """What a program in the pod sees: link and traffic, with the address that was asked for."""
    run("ip", "-n", pod.ns, "addr", "add", "10.9.0.1/24", "dev", "net1")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        ping = subprocess.run(["ip", "netns", "exec", pod.ns, "ping", "-c", "1", "-W", "1", "10.9.0.2"], capture_output=True)
        if ping.returncode == 0:
            break
        time.sleep(0.05)
    else:
        return "no traffic"
    neighbour = run("ip", "-n", "n2", "neigh", "show", "10.9.0.1")
    return None if pod.mac in neighbour else f"the peer sees {neighbour.strip()}"


def cycle(number, vf, name, here, original):
    pod = Pod(number, vf, name)
    inside, there = add(pod, here)
    problem = works(pod)
    if problem:
        trouble.append(f"{number}: {problem}")
    delete(pod, here, inside, there, original)
    inside.socket.close()
    there.socket.close()
    if here.get(name).mac != original:
        trouble.append(f"{number}: the address is not the one of before")


def main():
    count, vf, name = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    here = Rtnl()
    original = here.get(name).mac
    done = 0
    start = time.monotonic()
    try:
        for number in range(1, count + 1):
            cycle(number, vf, name, here, original)
            done += 1
    except (OSError, subprocess.CalledProcessError) as e:
        trouble.append(f"{done + 1}: {e} {getattr(e, 'stderr', '')}")
    mac_ms.sort()
    print(json.dumps({
        "cycles": done, "wanted": count, "retries": sum(retries.values()), "of": dict(retries), "trouble": trouble,
        "ms_a_cycle": round(1000 * (time.monotonic() - start) / max(done, 1)),
        "mac_ms": {"p50": round(mac_ms[len(mac_ms) // 2], 1), "max": round(mac_ms[-1], 1)} if mac_ms else None,
    }))
    return 1 if trouble or done < count else 0


sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 of iavfd at random moments, 1 to 5 s apart; each time the next one adopts every VF.

usage: kills.py SECONDS SEED
Prints how long nobody controlled a VF, as the kernel measured it: from the end of the one's session to the other's vf-commit.
"""
import json
import os
import random
import subprocess
import sys
import time


def sh(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout


def vfs():
    return json.loads(sh('iavfctl', '-j', 'list'))['vfs']


def main_pid():
    return int(sh('systemctl', 'show', '-P', 'MainPID', 'iavfd'))


def adopted(old):
    """The VFs, once another process controls all of them."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        now = vfs()
        pids = {vf['owner_pid'] for vf in now}
        if None not in pids and old not in pids and pids == {main_pid()}:
            return now
        time.sleep(0.05)
    sys.exit(f'not adopted: {vfs()}')


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def main(seconds, seed):
    rng, away = random.Random(seed), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(rng.uniform(1, 5))
        pid = main_pid()
        os.kill(pid, 9)
        adopted(pid)
        # the vf-commit follows the attachment by a moment
        time.sleep(0.2)
        away += [vf['absent_us'] / 1000 for vf in vfs()]
    print(f'# {len(away) // len(vfs())} kills; nobody controlled a VF for '
          f'{percentile(away, 0.5):.0f} ms (p50), {percentile(away, 0.99):.0f} ms (p99), {max(away):.0f} ms (most)')


main(float(sys.argv[1]), sys.argv[2])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets of all kinds under traffic. After each: traffic passes, the PF has what was asked for, nobody complains.

usage: resets.py SEED PCI DEV PEER up|dead|stopped=COUNT...
The VF (DEV, in n1, 10.9.0.1) talks to PEER (in n2, 10.9.0.2). up: the daemon runs; dead, stopped: it does so again after the
reset. With the kernel's own driver only the kinds that it survives, and it is given the time it needs.
Prints how long traffic was away, by kind: lines "# outage KIND: ...".
"""
import random
import re
import signal
import subprocess
import sys
import threading
import time

import soak
from soak import Failed, sh, sim, until

PATIENCE = 90       # seconds; a driver that comes back at all does so long before
QUIET = 30
SPLIT = open('/sys/module/iavf/taint').read().strip() != ''
PLAIN = ('announced', 'silent', 'flr')
EXCUSED = re.compile('timed out|not connected|canceled|Input/output error')
REQUESTS = (soak.op_mtu, soak.op_rings, soak.op_channels, soak.op_table, soak.op_key, soak.op_fields, soak.op_unicast,
            soak.op_toggle, soak.op_vlan_add, soak.op_vlan_add, soak.op_vlan_del, soak.op_mac, soak.op_promisc,
            soak.op_allmulti, soak.op_down_up)


def trigger(kind, vf='0'):
    sim('reset', vf, kind)


# Kinds: each leaves the VF in a reset, or has had one.

def plain(kind):
    return lambda m, rng: trigger(kind)


def function(m, rng):
    with open(f'/sys/bus/pci/devices/{soak.PCI}/reset', 'w') as f:
        f.write('1')


def both(m, rng):
    trigger(rng.choice(PLAIN), '1')
    trigger(rng.choice(PLAIN))


def again_at(where):
    def twice(m, rng):
        trigger(f'at-{where}')
        trigger('silent')
    return twice


def back_to_back(m, rng):
    for _ in range(rng.randint(2, 4)):
        trigger(rng.choice(PLAIN))
        time.sleep(rng.choice((0, 0, 0.01, 0.1)))


def slow(m, rng):
    sim('reset-time', '300000')
    trigger(rng.choice(PLAIN))
    sim('reset-time', '5000')


def reload_pf(m, rng):
    sim('profile', soak.show()['profile'])


def gone(m, rng):
    """The PF's driver closes: nothing answers. Later it is back, and everything it knew is gone."""
    sim('gone', '0', 'on')
    time.sleep(rng.choice((0.05, 0.3, 1)))
    sim('gone', '0', 'off')
    reload_pf(m, rng)


def in_background(m, commands):
    """Start them; a function that waits for their end and raises what they raised."""
    problems = []

    def complaint(command):
        try:
            sh(*command)
        except Failed as e:
            if not EXCUSED.search(str(e)):
                raise
            print(f'# again: {e}', flush=True)
            return str(e)
        return ''

    def work():
        try:
            for command in commands:
                until(lambda: complaint(command), PATIENCE)
        except (Failed, subprocess.TimeoutExpired) as e:
            problems.append(e)

    def finish():
        thread.join()
        if problems:
            raise problems[0]
    thread = threading.Thread(target=work)
    thread.start()
    return finish


def in_request(m, rng):
    commands = [c for c in rng.choice(REQUESTS)(m, rng) if not callable(c)]
    finish = in_background(m, commands)
    time.sleep(rng.uniform(0, 0.08))
    trigger(rng.choice(PLAIN))
    finish()


def in_bringup(m, rng):
    sh(*soak.ip('link', 'set', soak.DEV, 'down'))
    finish = in_background(m, [soak.ip('link', 'set', soak.DEV, 'up')])
    time.sleep(rng.uniform(0, 0.08))
    trigger(rng.choice(PLAIN))
    finish()


UP = {'announced': plain('announced'), 'silent': plain('silent'), 'flr': plain('flr'), 'function': function, 'both': both,
      'at-start': again_at('start'), 'at-master': again_at('master'), 'back-to-back': back_to_back, 'slow': slow,
      'reload': reload_pf, 'gone': gone, 'request': in_request, 'bring-up': in_bringup}
WEIGHTS = {'announced': 4, 'silent': 4, 'flr': 3, 'function': 2, 'request': 8, 'bring-up': 3, 'back-to-back': 3}
INTREE = {'announced': UP['announced'], 'silent': UP['silent'], 'flr': UP['flr']}
ABSENT = {kind: how for kind, how in UP.items() if kind not in ('request', 'bring-up')}


class Probe:
    def __init__(self):
        self.echo = subprocess.Popen(('ip', 'netns', 'exec', 'n2', '/share/probe.py', 'echo'))
        self.client = subprocess.Popen(('ip', 'netns', 'exec', 'n1', '/share/probe.py', 'client', '10.9.0.2'),
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask('wait')

    def ask(self, word):
        self.client.stdin.write(word + '\n')
        self.client.stdin.flush()
        signal.alarm(PATIENCE)
        answer = self.client.stdout.readline()
        signal.alarm(0)
        return float(answer)

    def end(self):
        for process in (self.client, self.echo):
            process.kill()


def too_late(signum, frame):
    raise Failed(f'no traffic within {PATIENCE} s')


def resets_so_far():
    """Of the driver's own account."""
    return int(re.search(r'^\s*resets\s+(\d+)', sh('iavfctl', 'show', soak.PCI), re.M).group(1)) if SPLIT else 0


def absent(how, what):
    """what() happens while there is no daemon, or a deaf one."""
    if how == 'up':
        what()
        return
    pid = str(soak.daemon_pid())
    sh(*(('systemctl', 'stop', 'iavfd') if how == 'dead' else ('kill', '-STOP', pid)))
    try:
        what()
        time.sleep(0.2)
    finally:
        sh(*(('systemctl', 'start', 'iavfd') if how == 'dead' else ('kill', '-CONT', pid)))


def prepare(m, rng):
    """Something of everything; for the kernel's own driver what it keeps."""
    m.vlans = {('v', vid) for vid in (10, 11, 12, 13, 200)}
    commands = []
    if SPLIT:
        m.vlans |= {('s', 20), ('s', 21)} if 's' in soak.KINDS else set()
        m.unicast = {'02:aa:00:00:00:01', '02:aa:00:00:00:02'}
        m.allmulti = True
        soak.establish(m)
        commands = soak.op_key(m, rng) + soak.op_fields(m, rng) + soak.op_symmetric(m, rng)
    else:
        commands = [soak.add_vlan(v) for v in sorted(m.vlans)]
    soak.run(commands)


def filters_of_intree(m):
    vsi = soak.show()
    have = vsi['vlans']['8100'] + vsi['vlans']['inner']
    return soak.differs(vlans=(soak.ids(m, 'v'), have), own=(True, m.mac in vsi['macs']))


def verify(m, log):
    if SPLIT:
        until(lambda: soak.kernel_is(m), PATIENCE)
        until(lambda: soak.pf_is(m), PATIENCE)
        until(lambda: soak.daemon_is_well(m), PATIENCE)
    else:
        until(lambda: filters_of_intree(m), PATIENCE)
    complaint = soak.device_is_content() or log.complaint()
    if complaint:
        raise Failed(complaint)


def memory():
    info = {k: int(n) for k, n in re.findall(r'^(\w+):\s+(\d+)', open('/proc/meminfo').read(), re.M)}
    sample = {'slab': info['SUnreclaim'], 'vmalloc': info['VmallocUsed'], 'used': info['MemTotal'] - info['MemAvailable']}
    if SPLIT:
        status = open(f'/proc/{soak.daemon_pid()}/status').read()
        sample['iavfd'] = int(re.search(r'^VmRSS:\s*(\d+)', status, re.M).group(1))
    return sample


class Memory(soak.Memory):
    """Pages of the rings and their pools are in used."""
    ROOM = {'slab': 6144, 'vmalloc': 4096, 'used': 24576} | ({'iavfd': 1024} if SPLIT else {})


def caches():
    """Active objects of each slab cache, in KiB."""
    found = {}
    for line in open('/proc/slabinfo').read().split('\n')[2:]:
        words = line.split()
        if len(words) > 3:
            found[words[0]] = int(words[1]) * int(words[3]) // 1024
    return found


def report_caches(before):
    grown = {name: (before.get(name, 0), now) for name, now in caches().items() if now > before.get(name, 0) * 1.2 + 128}
    for name, (first, now) in sorted(grown.items(), key=lambda item: item[1][0] - item[1][1])[:6]:
        print(f'# slab {name}: {first} KiB, then {now} KiB')


def percentile(sorted_values, percent):
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * percent // 100)]


def report(how, outages):
    for kind, values in sorted(outages.items()) + [('all', [v for values in outages.values() for v in values])]:
        values = sorted(values)
        if values:
            print(f'# {how}: outage {kind}: n={len(values)} p50={percentile(values, 50):.1f} p99={percentile(values, 99):.1f} '
                  f'max={values[-1]:.1f} ms', flush=True)


def one_reset(m, rng, kinds, kind, how, probe):
    """How long traffic was away, in ms."""
    before = resets_so_far()
    probe.ask('mark')
    absent(how, lambda: kinds[kind](m, rng))
    outage = probe.ask('wait')
    if SPLIT:
        until(lambda: '' if resets_so_far() > before else 'the driver saw no reset', QUIET)
    return outage


class Torture:
    def __init__(self):
        self.m, self.log, self.mem = soak.Model(), soak.Log(), Memory()
        self.about = 'at first'
        prepare(self.m, random.Random(f'{SEED}/prepare'))
        self.slabs = caches()
        self.processes = soak.traffic()
        self.probe = Probe()
        verify(self.m, self.log)

    def resets(self, how, count, outages):
        kinds = {'up': UP, 'dead': ABSENT, 'stopped': ABSENT}[how] if SPLIT else INTREE
        for step in range(1, count + 1):
            rng = random.Random(f'{SEED}/{how}/{step}')
            # each kind once, then by weight
            kind = list(kinds)[step - 1] if step <= len(kinds) else rng.choices(list(kinds), [WEIGHTS.get(k, 1) for k in kinds])[0]
            self.about = f'reset {step}, {kind}, daemon {how}'
            outages.setdefault(kind, []).append(one_reset(self.m, rng, kinds, kind, how, self.probe))
            verify(self.m, self.log)
            if step % 10 == 0:
                soak.stream_moves()
            if step % max(2, count // 50) == 0:
                self.mem.samples.append(memory())
            time.sleep(0 if SPLIT else 3)
            if step % 100 == 0:
                print(f'# {how}: {step} resets', flush=True)

    def all_of(self, how, count):
        outages = {}
        try:
            self.resets(how, count, outages)
        finally:
            report(how, outages)

    def end(self):
        soak.stream_moves()
        report_caches(self.slabs)
        print(f'# memory in KiB: {self.mem.samples[:1]} to {self.mem.samples[-1:]}')
        if self.mem.complaint():
            raise Failed(self.mem.complaint())


def main():
    torture = Torture()
    try:
        for how, count in ORDERS:
            torture.all_of(how, count)
        torture.about = 'at the end'
        torture.end()
    except (Failed, subprocess.TimeoutExpired) as e:
        print(f'seed {SEED}, {torture.about}: {e}')
        if SPLIT:
            soak.dump()
        return 1
    finally:
        torture.probe.end()
        for process in torture.processes:
            process.kill()
    return 0


signal.signal(signal.SIGALRM, too_late)
SEED = int(sys.argv[1])
ORDERS = [(order.split('=')[0], int(order.split('=')[1])) for order in sys.argv[5:]]
soak.look_around(*sys.argv[2:5])
sys.exit(main())

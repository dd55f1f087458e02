#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random operations on a VF under traffic, and after each of them: is everything as it was asked for?

usage: soak.py SECONDS SEED FROM PCI DEV PEER
The VF (DEV, in n1, 10.9.0.1) talks to PEER (in n2, 10.9.0.2). What step N does depends on SEED and N alone, so a run goes
on where another one ended: the steps before FROM only change what is expected, which is then established.
"""
import json
import os
import random
import re
import subprocess
import sys
import time

RECOVER = 30        # seconds; a busy host emulates the CPU
UNTRUSTED_VLANS = 8
STAGS_BESIDE_ALL = 2    # 802.1ad, when the filter of 802.1Q is off: 4,096 of both
PROTO = {'v': '802.1Q', 's': '802.1ad'}
BAD_LOG = re.compile(r'WARNING:|BUG:|Oops|Call Trace|lockup detected|queues do not move')
MOST_BUFFERS = 16384    # more take the emulated IOMMU seconds to map
RINGS = (64, 128, 512, 1024, 4096)
TOGGLES = {'tso': 'tcp-segmentation-offload', 'gro': 'generic-receive-offload', 'rx': 'rx-checksumming', 'rxhash': 'receive-hashing',
           'tx-udp-segmentation': 'tx-udp-segmentation', 'rxvlan': 'rx-vlan-offload', 'txvlan': 'tx-vlan-offload',
           'tx-checksum-sctp': 'tx-checksum-sctp'}


class Failed(Exception):
    pass


def sh(*words, check=True, timeout=40):
    p = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
    if check and p.returncode:
        raise Failed(f"{' '.join(words)}: exit {p.returncode}: {p.stdout.strip()}")
    return p.stdout


def sim(*words):
    return sh('avfsimctl', *words)


def show(vf=0):
    return json.loads(sim('show', str(vf)))


class Model:
    """What is asked for."""

    def __init__(self):
        self.mtu, self.rx, self.tx = 1500, 512, 512
        self.rx_queues = self.tx_queues = QUEUES[1]
        self.table, self.key, self.fields, self.symmetric = None, None, {}, False
        self.vlans, self.promisc, self.allmulti, self.trusted = set(), False, False, True
        self.unicast = set()
        self.mac, self.off, self.coalesce, self.delay, self.unfiltered = MAC, set(), None, 0, False


def ip(*words):
    return ('ip', '-n', 'n1', *words)


def ethtool(*words):
    return ('ip', 'netns', 'exec', 'n1', 'ethtool', words[0], DEV, *words[1:])


# Operations: each changes the model and returns commands. A command is a tuple of words, or a function.

def op_down_up(m, rng):
    return [ip('link', 'set', DEV, 'down'), ip('link', 'set', DEV, 'up')]


def op_mtu(m, rng):
    m.mtu = rng.choice(MTUS)
    both = [ip('link', 'set', DEV, 'mtu', str(m.mtu)), ('ip', '-n', 'n2', 'link', 'set', PEER, 'mtu', str(m.mtu))]
    return both[::rng.choice((1, -1))]


def op_rings(m, rng):
    m.rx, m.tx = rng.choice([n for n in RINGS if n * m.rx_queues <= MOST_BUFFERS] or RINGS[:1]), rng.choice(RINGS)
    return [ethtool('-G', 'rx', str(m.rx), 'tx', str(m.tx))]


def channels(m):
    pairs = min(m.rx_queues, m.tx_queues)
    return ethtool('-L', 'combined', str(pairs), 'rx', str(m.rx_queues - pairs), 'tx', str(m.tx_queues - pairs))


def op_channels(m, rng):
    """More than the PF gave at first, and as many of each as it gives; no fewer than a table has."""
    least = sum(m.table) if m.table else 1
    m.rx_queues = rng.randint(least, max(least, min(QUEUES[0], MOST_BUFFERS // m.rx)))
    m.tx_queues = rng.choice((m.rx_queues, rng.randint(1, QUEUES[0])))
    return [channels(m)]


def random_mac(rng):
    return '02:' + ':'.join(f'{rng.randint(0, 255):02x}' for _ in range(5))


def table(m):
    if not m.table:
        return ethtool('-X', 'default')
    return ethtool('-X', 'start', str(m.table[0]), 'equal', str(m.table[1]))


def op_table(m, rng):
    """The default one, or (first queue, how many)."""
    first = rng.randrange(m.rx_queues)
    m.table = rng.choice((None, (first, rng.randint(1, m.rx_queues - first))))
    return [table(m)]


def op_key(m, rng):
    m.key = ':'.join(f'{rng.randint(0, 255):02x}' for _ in range(52))
    return [ethtool('-X', 'hkey', m.key)]


def fields(flow, what):
    return ethtool('-N', 'rx-flow-hash', flow, what)


def op_fields(m, rng):
    if not ADVANCED:
        return []
    flow = rng.choice(FLOWS)
    m.fields[flow] = rng.choice(PAIRS if m.symmetric else PAIRS + ('s', 'd', 'sf', 'dn', 'f', 'n'))
    return [fields(flow, m.fields[flow])]


def op_symmetric(m, rng):
    if not XFRM or set(m.fields.values()) - set(PAIRS):
        return []
    m.symmetric = not m.symmetric
    return [ethtool('-X', 'xfrm', 'symmetric-xor' if m.symmetric else 'none')]


def fdb(what, mac):
    return ('ip', 'netns', 'exec', 'n1', 'bridge', 'fdb', what, mac, 'dev', DEV)


def op_unicast(m, rng):
    if m.unicast and (len(m.unicast) > 3 or rng.random() < 0.5):
        mac = rng.choice(sorted(m.unicast))
        m.unicast -= {mac}
        return [fdb('del', mac)]
    mac = random_mac(rng)
    m.unicast |= {mac}
    return [fdb('add', mac)]


def op_coalesce(m, rng):
    adaptive, usecs = rng.choice(('on', 'off')), str(2 * rng.randint(0, 200))
    m.coalesce = ('adaptive-rx', adaptive, 'adaptive-tx', adaptive, 'rx-usecs', usecs, 'tx-usecs', usecs)
    return [ethtool('-C', *m.coalesce)]


def op_toggle(m, rng):
    what = rng.choice(SWITCHES)
    m.off ^= {what}
    return [ethtool('-K', what, 'off' if what in m.off else 'on')]


# A VLAN is (type, id); types 'v' 802.1Q and 's' 802.1ad, which name the devices, too.

def add_vlan(vlan):
    kind, vid = vlan
    return ip('link', 'add', 'link', DEV, 'name', f'{kind}{vid}', 'type', 'vlan', 'proto', PROTO[kind], 'id', str(vid))


def op_vlan_add(m, rng):
    kind = rng.choice(KINDS)
    room = (30 if m.trusted else UNTRUSTED_VLANS) - len(m.vlans)
    if m.unfiltered and kind == 's':
        room = STAGS_BESIDE_ALL - len(ids(m, 's'))
    free = sorted({(kind, vid) for vid in range(2, 4095)} - m.vlans)
    new = rng.sample(free, max(0, min(room, rng.choice((1, 1, 3, 15)))))
    m.vlans |= set(new)
    return [add_vlan(v) for v in new]


def op_vlan_del(m, rng):
    old = rng.sample(sorted(m.vlans), min(len(m.vlans), rng.choice((1, 1, 3, 15))))
    m.vlans -= set(old)
    return [ip('link', 'del', f'{kind}{vid}') for kind, vid in old]


def op_filter(m, rng):
    """Off is all VLANs, for trusted VFs."""
    if not FILTER or not m.trusted or len(ids(m, 's')) > STAGS_BESIDE_ALL:
        return []
    m.unfiltered = not m.unfiltered
    return [ethtool('-K', 'rx-vlan-filter', 'off' if m.unfiltered else 'on')]


def op_mac(m, rng):
    m.mac = random_mac(rng)
    return [ip('link', 'set', DEV, 'address', m.mac)]


def op_promisc(m, rng):
    m.promisc = not m.promisc
    return [ip('link', 'set', DEV, 'promisc', 'on' if m.promisc else 'off')]


def op_allmulti(m, rng):
    m.allmulti = not m.allmulti
    return [ip('link', 'set', DEV, 'allmulticast', 'on' if m.allmulti else 'off')]


def a_reset(rng):
    return ('avfsimctl', 'reset', rng.choice('001'), rng.choice(('silent', 'announced', 'flr')))


def op_reset(m, rng):
    return [a_reset(rng) for _ in range(rng.choice((1, 1, 2, 4)))]


def op_link(m, rng):
    vf, pause = rng.choice('01'), rng.choice((0, 0, 0.3, 1.5))
    return [('avfsimctl', 'link', vf, 'down'), lambda: time.sleep(pause), ('avfsimctl', 'link', vf, 'up')]


def op_trust(m, rng):
    if len(m.vlans) > UNTRUSTED_VLANS or m.unfiltered:
        return []
    m.trusted = not m.trusted
    return [('avfsimctl', 'trust', '0', 'on' if m.trusted else 'off')]


def op_delay(m, rng):
    m.delay = rng.choice((0, 200, 5000))
    return [('avfsimctl', 'delay', str(m.delay))]


LOSABLE = ('GET_VF_RESOURCES', 'ADD_ETH_ADDR', 'CONFIG_IRQ_MAP', 'CONFIG_VSI_QUEUES', 'ENABLE_QUEUES', 'CONFIG_RSS_LUT', 'CONFIG_PROMISCUOUS_MODE')


def op_lost(m, rng):
    """An answer is lost, or late, on the way back from a reset."""
    how = rng.choice(('drop', 'delay=300', 'delay=3000'))
    return [('avfsimctl', 'fault', 'add', how, 'vf=0', 'dir=reply', f'op={rng.choice(LOSABLE)}'), a_reset(rng),
            lambda: time.sleep(1), ('avfsimctl', 'fault', 'clear')]


def op_netns(m, rng):
    """There, some traffic, and back. VLAN devices stay where they are; the stack forgets addresses."""
    m.unicast = set()

    def there():
        sh('ip', '-n', 'n3', 'addr', 'replace', '10.9.0.1/24', 'dev', DEV)
        reachable('n3')
    return [ip('link', 'set', DEV, 'netns', 'n3'), ('ip', '-n', 'n3', 'link', 'set', DEV, 'up'), there,
            ('ip', '-n', 'n3', 'link', 'set', DEV, 'netns', 'n1'), ip('link', 'set', DEV, 'up'),
            ip('addr', 'replace', '10.9.0.1/24', 'dev', DEV)]


def daemon_pid():
    for _ in range(500):
        pid = sh('systemctl', 'show', '-P', 'MainPID', 'iavfd').strip()
        if pid != '0':
            return int(pid)
        time.sleep(0.02)
    raise Failed('iavfd does not come back')


def kill_daemon():
    os.kill(daemon_pid(), 9)


def pause_daemon():
    pid = daemon_pid()
    os.kill(pid, 19)
    time.sleep(0.3)
    os.kill(pid, 18)


DAEMON = (kill_daemon, pause_daemon, ('systemctl', 'restart', 'iavfd'), ('systemctl', 'stop', 'iavfd'), ('systemctl', 'start', 'iavfd'))


def op_daemon(m, rng):
    how = rng.choice(('kill', 'restart', 'pause', 'away'))
    if how != 'away':
        return {'kill': [kill_daemon], 'restart': [('systemctl', 'restart', 'iavfd')], 'pause': [pause_daemon]}[how]
    # what the kernel answers alone, or must not lose
    meanwhile = rng.choice((op_promisc, op_vlan_del, op_reset, op_link, op_down_up))(m, rng)
    return [('systemctl', 'stop', 'iavfd'), *meanwhile, ('systemctl', 'start', 'iavfd')]


OPS = {op_down_up: 3, op_mtu: 3, op_rings: 3, op_channels: 4, op_table: 2, op_key: 1, op_fields: 2, op_symmetric: 1, op_unicast: 2, op_coalesce: 1, op_toggle: 3, op_vlan_add: 5, op_vlan_del: 4, op_filter: 1,
       op_mac: 3, op_promisc: 2, op_allmulti: 2, op_reset: 5, op_lost: 2, op_link: 2, op_trust: 2, op_delay: 1, op_netns: 3, op_daemon: 4}


def plan(m, step):
    """The commands of a step: one to three operations, now and then with a disturbance just before one of them."""
    rng = random.Random(f'{SEED}/{step}')
    # not for long: each reset replays 4,094 filters
    commands = op_filter(m, rng) if m.unfiltered and rng.random() < 0.5 else []
    for _ in range(rng.choices((1, 2, 3), (6, 3, 1))[0]):
        op = rng.choices(list(OPS), list(OPS.values()))[0]
        before = rng.choices(([], [a_reset(rng)], [kill_daemon], [('systemctl', 'restart', 'iavfd')]), (12, 4, 2, 1))[0]
        commands += (before if op not in (op_daemon, op_trust) else []) + op(m, rng)
        if op == op_trust:      # until the PF has made a new VF of it, the limits are the old ones
            break
    return commands


def words(commands):
    return '; '.join(c.__name__ if callable(c) else ' '.join(c) for c in commands) or 'nothing'


def run(commands):
    """A request waits 2 s for a daemon that comes back; a busy host may need longer, and then it is asked again."""
    excused = any(c in DAEMON for c in commands)
    for c in commands:
        if callable(c):
            c()
        elif excused and c not in DAEMON:
            until(lambda: complaint_about_clocks(c))
        else:
            sh(*c)


def complaint_about_clocks(command):
    try:
        sh(*command)
    except Failed as e:
        if not re.search('timed out|not connected', str(e)):
            raise
        print(f'# again: {e}', flush=True)
        return str(e)


def establish(m):
    run([ethtool('-G', 'rx', str(m.rx), 'tx', str(m.tx)), channels(m),
         ip('link', 'set', DEV, 'mtu', str(m.mtu)), ('ip', '-n', 'n2', 'link', 'set', PEER, 'mtu', str(m.mtu)),
         ip('link', 'set', DEV, 'promisc', 'on' if m.promisc else 'off'),
         ip('link', 'set', DEV, 'allmulticast', 'on' if m.allmulti else 'off'), ('avfsimctl', 'delay', str(m.delay)),
         *[ethtool('-K', what, 'off') for what in sorted(m.off)], *[add_vlan(v) for v in sorted(m.vlans)],
         ip('link', 'set', DEV, 'address', m.mac), table(m), *[fields(flow, what) for flow, what in m.fields.items()],
         *[fdb('add', mac) for mac in sorted(m.unicast)]])
    if m.key:
        sh(*ethtool('-X', 'hkey', m.key))
    if m.symmetric:
        sh(*ethtool('-X', 'xfrm', 'symmetric-xor'))
    if m.coalesce:
        sh(*ethtool('-C', *m.coalesce))
    if m.unfiltered:
        sh(*ethtool('-K', 'rx-vlan-filter', 'off'))
    if not m.trusted:
        sim('trust', '0', 'off')


# Invariants

def until(what, seconds=RECOVER):
    """what() is a complaint, or nothing: it has to become nothing."""
    end = time.monotonic() + seconds
    while True:
        complaint = what()
        if not complaint:
            return
        if time.monotonic() > end:
            raise Failed(complaint)
        time.sleep(0.05)


def reachable(ns='n1'):
    def ping():
        out = sh('ip', 'netns', 'exec', ns, 'ping', '-q', '-c', '1', '-W', '1', '10.9.0.2', check=False)
        return '' if ' 1 received' in out else f'no answer in {ns}: {out.strip()}'
    until(ping)


def short(value):
    text = str(value)
    return text if len(text) < 600 else f'{text[:300]} ... {text[-200:]} ({len(value)})'


def differs(**pairs):
    return ', '.join(f'{k}: wanted {short(want)}, is {short(got)}' for k, (want, got) in pairs.items() if want != got)


def multicast_of_kernel():
    out = json.loads(sh('ip', '-n', 'n1', '-j', 'maddr', 'show', 'dev', DEV))
    return sorted(a['link'] for a in out[0].get('maddr', []) if 'link' in a)


def ids(m, wanted):
    return sorted(vid for kind, vid in m.vlans if kind == wanted)


def lut(m):
    first, count = m.table or (0, m.rx_queues)
    return ''.join(f'{first + i % count:02x}' for i in range(64))


def letters(mask):
    return ''.join(letter for i, letter in enumerate('sdfn') if mask >> i & 1)


def pf_is(m):
    vsi = show()
    rx, tx = ([q[f'{way}_len'] for q in vsi['queues'] if q[f'{way}_enabled']] for way in ('rx', 'tx'))
    longest = [q['rx_max_pkt'] for q in vsi['queues'] if q['rx_enabled']]
    macs = [a for a in vsi['macs'] if a != 'ff:ff:ff:ff:ff:ff']
    return differs(
        vlans=(list(range(1, 4095)) if m.unfiltered else ids(m, 'v'), vsi['vlans']['8100'] + vsi['vlans']['inner']),
        stags=(ids(m, 's'), vsi['vlans']['88a8']),
        own=(sorted({m.mac} | m.unicast), sorted([a for a in macs if not int(a[:2], 16) & 1])),
        multicast=(multicast_of_kernel(), sorted(a for a in macs if int(a[:2], 16) & 1)),
        promisc=(m.promisc and m.trusted, vsi['unicast_promisc']),
        allmulti=((m.allmulti or m.promisc) and m.trusted, vsi['multicast_promisc']),
        strip=('rxvlan' not in m.off, vsi['vlans']['strip_tpid'] == 0x8100 or vsi['vlans']['inner_strip']),
        rx_rings=([m.rx] * m.rx_queues, rx), tx_rings=([m.tx] * m.tx_queues, tx),
        longest=(True, all(size >= m.mtu + 14 for size in longest)),
        table=(lut(m) if HASHED else '', vsi['rss_lut'] if HASHED else ''),
        key=((m.key or '').replace(':', ''), vsi['rss_key'] if m.key else ''),
        symmetric=(m.symmetric, vsi['rss_symmetric']),
        fields=({flow: m.fields.get(flow, 'sdfn') for flow in FLOWS}, {flow: letters(vsi['rss_fields'][flow]) for flow in FLOWS}))


def daemon_is_well(m):
    vfs = json.loads(sh('iavfctl', '-j', 'list'))['vfs']
    refused = not m.trusted and (m.promisc or m.allmulti)
    bad = [v for v in vfs if v['state'] != 'ready' or v.get('owner_pid') is None or v.get('unresponsive') or
           bool(v.get('degraded')) != (refused and v['pci'] == PCI)]
    return f'not well: {json.dumps(bad)}' if bad else ''


def counters():
    stats = json.loads(sh('ip', '-n', 'n1', '-s', '-j', 'link', 'show', DEV))[0]['stats64']
    return [stats[way][what] for way in ('rx', 'tx') for what in ('packets', 'bytes')]


class Counters:
    """Never less than before."""

    def __init__(self):
        self.last = counters()

    def complaint(self):
        before, self.last = self.last, counters()
        return f'counters go back: {before}, then {self.last}' if any(b > n for b, n in zip(before, self.last)) else ''


def in_queues():
    """What ethtool and the device say that came in."""
    text = sh('ip', 'netns', 'exec', 'n1', 'ethtool', '-S', DEV)
    device = json.loads(sim('queue-counts', '0'))['rx']
    return sum(int(n) for n in re.findall(r'rx-\d+.packets: (\d+)', text)), sum(device)


def numbers_agree():
    time.sleep(1)
    mine, device = in_queues()
    sh('ip', 'netns', 'exec', 'n1', 'ping', '-q', '-c', '200', '-i', '0.005', '10.9.0.2')
    time.sleep(0.5)
    after = in_queues()
    if after[0] - mine != after[1] - device or after[0] - mine < 200:
        raise Failed(f'received: {after[0] - mine} by ethtool, {after[1] - device} by the device')


def kernel_is(m):
    link = json.loads(sh('ip', '-n', 'n1', '-j', 'link', 'show', DEV))[0]
    return differs(mtu=(m.mtu, link['mtu']), mac=(m.mac, link['address']), carrier=('UP', link['operstate']))


def device_is_content():
    errors = json.loads(sim('errors'))
    return json.dumps(errors) if errors['errors'] or errors['violations'] else ''


class Log:
    def __init__(self):
        self.fd = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)

    def complaint(self):
        while True:
            try:
                line = os.read(self.fd, 8192).decode(errors='replace')
            except BlockingIOError:
                return ''
            except BrokenPipeError:
                continue
            if BAD_LOG.search(line):
                return line


def received():
    text = open('/run/soak.received').read()
    if not text.isdigit():
        raise Failed(f'TCP: {text}')
    return int(text)


def stream_moves():
    before = received()
    until(lambda: '' if received() > before else 'the TCP stream does not move')


def memory():
    status = open(f'/proc/{daemon_pid()}/status').read()
    info = open('/proc/meminfo').read()
    kib = lambda text, key: int(re.search(rf'^{key}:\s*(\d+)', text, re.M).group(1))
    return {'iavfd': kib(status, 'VmRSS'), 'slab': kib(info, 'SUnreclaim'), 'vmalloc': kib(info, 'VmallocUsed')}


class Memory:
    """Flat: the least of the later half is not much above the least of the first."""
    ROOM = {'iavfd': 1024, 'slab': 6144, 'vmalloc': 4096}

    def __init__(self):
        self.samples = []

    def complaint(self):
        half = len(self.samples) // 2
        if half < 5:
            return ''
        for key, room in self.ROOM.items():
            first, then = (min(s[key] for s in part) for part in (self.samples[:half], self.samples[half:]))
            if then > first + room:
                return f'memory grows: {key} {first} KiB, then {then} KiB'
        return ''


def verify(m, log, count):
    reachable()
    until(lambda: kernel_is(m))
    until(lambda: pf_is(m))
    until(lambda: daemon_is_well(m))
    stream_moves()
    complaint = device_is_content() or log.complaint() or count.complaint()
    if complaint:
        raise Failed(complaint)


def dump():
    for command in (('iavfctl', 'show', PCI), ('avfsimctl', 'counters', '0'), ('ip', '-n', 'n1', '-s', 'link', 'show', DEV),
                    ('journalctl', '-u', 'iavfd', '-o', 'short-monotonic', '-n', '40', '--no-pager'), ('dmesg',)):
        out = sh(*command, check=False).rstrip().split('\n')
        print('\n'.join(f'#   {line}' for line in [' '.join(command)] + out[-60:]))


def traffic():
    """The two processes of the stream."""
    both = [subprocess.Popen(('ip', 'netns', 'exec', 'n2', sys.executable, '/share/soak_stream.py', 'server', '/run/soak.received')),
            subprocess.Popen(('ip', 'netns', 'exec', 'n1', sys.executable, '/share/soak_stream.py', 'client', '10.9.0.2'))]
    until(lambda: '' if os.path.exists('/run/soak.received') and received() else 'no TCP stream')
    return both


def main():
    m, log, mem, count = Model(), Log(), Memory(), Counters()
    for step in range(1, FROM):
        plan(m, step)
    step, end = FROM, time.monotonic() + SECONDS
    commands = []
    try:
        if FROM > 1:
            establish(m)
        stream = traffic()
        verify(m, log, count)
        while time.monotonic() < end:
            commands = plan(m, step)
            print(f'seed {SEED} step {step}: {words(commands)}', flush=True)
            run(commands)
            verify(m, log, count)
            if step % 5 == 0:
                mem.samples.append(memory())
            step += 1
        for process in stream:
            process.kill()
        numbers_agree()
        if mem.complaint():
            raise Failed(mem.complaint())
    except (Failed, subprocess.TimeoutExpired) as e:
        print(f'not ok soak: seed {SEED} step {step}: {words(commands)}\n# {e}')
        dump()
        print(f'# again from there: SEED={SEED} FROM={step}', flush=True)
        return 1
    print(f'# seed {SEED}, steps {FROM} to {step - 1}; to go on: SEED={SEED} FROM={step}')
    print(f'# memory in KiB: {json.dumps(mem.samples[:1])} to {json.dumps(mem.samples[-1:])}')
    print('ok soak', flush=True)
    return 0


def look_around(pci, dev, peer):
    """The VF and what its PF lets be done with it."""
    global PCI, DEV, PEER, MAC, SWITCHES, KINDS, FILTER, MOST, MTUS, HASHED, ADVANCED, XFRM, QUEUES
    PCI, DEV, PEER = pci, dev, peer
    MAC = json.loads(sh('ip', '-n', 'n1', '-j', 'link', 'show', DEV))[0]['address']
    features = sh('ip', 'netns', 'exec', 'n1', 'ethtool', '-k', DEV)
    # those that this PF lets be changed
    SWITCHES = [t for t, name in TOGGLES.items() if re.search(rf'^\s*{name}: on$', features, re.M)]
    KINDS = 'vvs' if 'rx-vlan-stag-filter: on\n' in features else 'v'
    FILTER = KINDS == 'vvs' and 'rx-vlan-filter: on\n' in features
    MOST = json.loads(sh('ip', '-n', 'n1', '-d', '-j', 'link', 'show', DEV))[0]['max_mtu']
    MTUS = (576, 1300, 1500, 1500, 4000, 9000, MOST)
    hashes = sh('ip', 'netns', 'exec', 'n1', 'ethtool', '-x', DEV)
    HASHED, ADVANCED = 'toeplitz: on' in hashes, show()['profile'].startswith('ice')
    XFRM = ADVANCED and 'symmetric-xor' in hashes
    # most, and at first
    QUEUES = [int(n) for n in re.findall(r'Combined:\s*(\d+)', sh('ip', 'netns', 'exec', 'n1', 'ethtool', '-l', DEV))]


FLOWS, PAIRS = ('tcp4', 'udp4', 'sctp4', 'tcp6', 'udp6', 'sctp6'), ('sdfn', 'sd', 'fn')

if __name__ == '__main__':
    SECONDS, SEED, FROM = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    look_around(*sys.argv[4:7])
    sys.exit(main())

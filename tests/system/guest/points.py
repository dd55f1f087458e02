#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""iavfd dies, or stops for a while, at each of its fault points, in the middle of what a user or the PF does.

usage: points.py die|stop SEED COUNT PCI DEV PEER POINT...
COUNT points are drawn (0: all, in their order). Afterwards the operation has succeeded or failed with an errno, kernel and PF
are as asked for (or as before, if it failed), traffic flows, and no message was sent that would not have been sent anyway.
"""
import collections
import copy
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import soak
from soak import Failed, sh, sim, until

ARMED, SIZE = '/run/iavfd-faults', 256
HUNG = 30       # seconds; clocks of a request are 5 at most
FRESH = 0


def fresh():
    global FRESH
    FRESH += 1
    return FRESH


# Operations: (what has to be so before, the model afterwards) -> commands. What a command does is the middle.

def op_mac(m, after):
    after.mac = f'02:aa:00:00:00:{fresh() & 255:02x}'
    return [], [soak.ip('link', 'set', soak.DEV, 'address', after.mac)]


def op_mac_by_host(m, after):
    after.mac = f'02:bb:00:00:00:{fresh() & 255:02x}'
    return [], [('avfsimctl', 'mac', '0', after.mac)]


def op_mtu(m, after):
    after.mtu = 1400 if m.mtu == 1500 else 1500
    return [], [soak.ip('link', 'set', soak.DEV, 'mtu', str(after.mtu))]


def op_down_up(m, after):
    return [soak.ip('link', 'set', soak.DEV, 'down')], [soak.ip('link', 'set', soak.DEV, 'up')]


def op_more(m, after):
    """One pair more than the PF has given."""
    after.rx_queues = after.tx_queues = len(json.loads(sim('queue-counts', '0'))['rx']) + 1
    return [], [soak.ethtool('-L', 'combined', str(after.rx_queues))]


def toggle(m, after, what, on):
    before = [] if (what in m.off) == on else [soak.ethtool('-K', what, 'off' if on else 'on')]
    for model in (m, after):
        model.off = model.off | {what} if on else model.off - {what}
    after.off = after.off ^ {what}
    return before, [soak.ethtool('-K', what, 'on' if on else 'off')]


def op_vlan_add(m, after):
    vlan = ('v', 1000 + fresh())
    after.vlans = m.vlans | {vlan}
    return [], [soak.add_vlan(vlan)]


def op_vlan_del(m, after):
    vlan = ('v', 1000 + fresh())
    m.vlans = m.vlans | {vlan}
    return [soak.add_vlan(vlan)], [soak.ip('link', 'del', f'v{vlan[1]}')]


def op_promisc(m, after):
    after.promisc = not m.promisc
    return [], [soak.ip('link', 'set', soak.DEV, 'promisc', 'on' if after.promisc else 'off')]


def op_unicast_del(m, after):
    mac = f'02:cc:00:00:00:{fresh() & 255:02x}'
    m.unicast = m.unicast | {mac}
    return [soak.fdb('add', mac)], [soak.fdb('del', mac)]


def op_key(m, after):
    after.key = ':'.join(f'{fresh() & 255:02x}' for _ in range(52))
    return [], [soak.ethtool('-X', 'hkey', after.key)]


def op_table(m, after):
    after.table = None if m.table else (0, 1)
    return [], [soak.table(after)]


def op_symmetric(m, after):
    after.symmetric = not m.symmetric
    return [], [soak.ethtool('-X', 'xfrm', 'symmetric-xor' if after.symmetric else 'none')]


def op_fields(m, after):
    after.fields = {**m.fields, 'udp4': 'sd' if m.fields.get('udp4', 'sdfn') == 'sdfn' else 'sdfn'}
    return [], [soak.fields('udp4', after.fields['udp4'])]


def op_stats(m, after):
    return [], [soak.ethtool('-S')]


def op_reset(m, after):
    return [], [('avfsimctl', 'reset', '0', 'announced')]


def op_restart(m, after):
    return [], [('systemctl', 'restart', '--no-block', 'iavfd')]


def op_rescan(m, after):
    """A new VF in the place of the old one; nothing of what was set is left."""
    after.__init__()

    def rescan():
        open('/sys/bus/pci/rescan', 'w').write('1')

    def back():
        until(lambda: '' if os.path.isdir(f'/sys/bus/pci/devices/{soak.PCI}/net') else 'no netdev')
        sh('udevadm', 'settle')
        sh('ip', 'link', 'set', soak.DEV, 'netns', 'n1')
        sh('ip', 'netns', 'exec', 'n1', 'sysctl', '-qw', f'net.ipv6.conf.{soak.DEV}.accept_dad=0')
        sh(*soak.ip('link', 'set', soak.DEV, 'up'))
        after.mac = json.loads(sh(*soak.ip('-j', 'link', 'show', soak.DEV)))[0]['address']
        sh(*soak.ip('addr', 'replace', '10.9.0.1/24', 'dev', soak.DEV))
    return [remove], [rescan, back]


def remove():
    open(f'/sys/bus/pci/devices/{soak.PCI}/remove', 'w').write('1')


def op_remove(m, after):
    before, commands = op_rescan(m, after)
    return [], before + commands


def resets():
    return json.loads(sh('iavfctl', '-j', 'show', soak.PCI))['vfs'][0]['counters']['resets']


def op_lost(m, after):
    """Two answers are lost in a row, so the daemon asks for a reset of the VF."""
    after.promisc = not m.promisc
    before = resets()
    return ([('avfsimctl', 'fault', 'add', 'drop', 'vf=0', 'dir=reply', 'op=CONFIG_PROMISCUOUS_MODE', 'count=2')],
            [soak.ip('link', 'set', soak.DEV, 'promisc', 'on' if after.promisc else 'off'),
             # one that dies before it has asked for it leaves that to the next one, who asks once more instead
             lambda: until(lambda: '' if resets() > before or fired() else 'no reset'), ('avfsimctl', 'fault', 'clear')])


def op_cancel(m, after):
    """The caller is killed before the PF has answered."""
    mac = f'02:dd:00:00:00:{fresh() & 255:02x}'

    def cancelled():
        sh('timeout', '-s', 'KILL', '0.5', *soak.ip('link', 'set', soak.DEV, 'address', mac), check=False)
        time.sleep(1.2)
        sim('fault', 'clear')
    return [('avfsimctl', 'fault', 'add', 'delay=1200', 'vf=0', 'dir=reply', 'op=ADD_ETH_ADDR')], [cancelled]


# Which operation meets a point; None: none does on this PF, the contract tests do.
OPS = (
    (r'-(ADD_VLAN|DEL_VLAN|\w+_VLAN_STRIPPING)$', None),
    (r'-vlan-add$|reset-(impending|failed)$|mbx-recv-REQUEST_QUEUES$', None),
    (r'-VERSION$|netdev-(create|ready)$|read-vf-add$', op_rescan),
    (r'vf-del$', op_remove),
    (r'-(GET_VF_RESOURCES|GET_OFFLOAD_VLAN_V2_CAPS|CONFIG_IRQ_MAP)$|reset-(started|ready)$', op_reset),
    (r'vf-commit$', op_reset),
    (r'-(CONFIG_VSI_QUEUES|ENABLE_QUEUES|reconfigure|prepare)$', op_mtu),
    (r'-(ADD_ETH_ADDR|set-mac)$', op_mac),
    (r'-DEL_ETH_ADDR$', op_unicast_del),
    (r'-ADD_VLAN_V2$|record-set$', op_vlan_add),
    (r'-DEL_VLAN_V2$', op_vlan_del),
    (r'-CONFIG_PROMISCUOUS_MODE$|-changed$', op_promisc),
    (r'-DISABLE_VLAN_STRIPPING_V2$', lambda m, after: toggle(m, after, 'rxvlan', False)),
    (r'-(ENABLE_VLAN_STRIPPING_V2|set-features)$', lambda m, after: toggle(m, after, 'rxvlan', True)),
    (r'-DISABLE_VLAN_INSERTION_V2$', lambda m, after: toggle(m, after, 'txvlan', False)),
    (r'-ENABLE_VLAN_INSERTION_V2$', lambda m, after: toggle(m, after, 'txvlan', True)),
    (r'-(GET_STATS|stats)$', op_stats),
    (r'-(REQUEST_QUEUES|more-queues)$', op_more),
    (r'-(CONFIG_RSS_KEY|set-rss)$', op_key),
    (r'-CONFIG_RSS_LUT$', op_table),
    (r'-CONFIG_RSS_HFUNC$', op_symmetric),
    (r'-(ADD_RSS_CFG|set-rss-fields)$', op_fields),
    (r'-open$', op_down_up),
    (r'-request-cancel$', op_cancel),
    (r'-netdev-update$', op_mac_by_host),
    (r'-vf-reset$', op_lost),
    (r'-vf-(add|record|sync|log)$', op_restart),
)
# How often something is sent is a matter of moments there.
NOT_COUNTED = (op_lost, op_cancel, op_stats, op_more)
# The stack joins and leaves groups when it likes, so these count only where they are what it is about.
ADDRESSES, ABOUT_ADDRESSES = ('ADD_ETH_ADDR', 'DEL_ETH_ADDR'), (op_mac, op_unicast_del)


def op_of(point):
    for pattern, op in OPS:
        if re.search(pattern, point):
            return op
    raise Failed('no operation for this point')


def arm(*lines):
    data = ''.join(f'{line}\n' for line in lines).encode()
    with open(ARMED, 'r+b') as f:
        f.write(data + b' ' * (SIZE - len(data)))


def fired():
    return not open(ARMED, 'rb').read().strip()


def run(command):
    """'' or what it complained about. It must not hang."""
    if callable(command):
        command()
        return ''
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=HUNG)
    if not p.returncode:
        return ''
    if not p.stdout.strip():
        raise Failed(f"{' '.join(command)}: failed without a word")
    return p.stdout.strip()


def messages(op):
    lines = [json.loads(line) for line in sim('transcript', 'since', 'op', '0').splitlines()]
    names = [line['name'] for line in lines if line['dir'] == 'request']
    return collections.Counter(n for n in names if op in ABOUT_ADDRESSES or n not in ADDRESSES)


def situation(op, m):
    """What the number of messages depends on."""
    return op, str((sorted(m.off), m.promisc, m.table, m.key is None, m.fields, m.symmetric, not m.vlans, not m.unicast))


def wake():
    """One that stopped goes on once its user has given up on it."""
    time.sleep(0.2)
    os.kill(soak.daemon_pid(), signal.SIGCONT)


def settled():
    """The record is set, and nothing is on its way."""
    time.sleep(0.3)


def meet(op, lines):
    until(lambda: '' if fired() else f'not met by {op.__name__}')
    if 'stop' in lines[-1]:
        wake()


def operate(op, lines):
    """(the model afterwards, the complaint); messages are counted from its beginning."""
    m, after = MODEL, copy.deepcopy(MODEL)
    before, commands = op(m, after)
    for command in before:
        complaint = run(command)
        if complaint:
            raise Failed(complaint)
    if before and op not in (op_rescan, op_down_up):
        until(lambda: soak.pf_is(m))
    settled()
    sim('transcript', 'mark', 'op')
    arm(*lines)
    # Nobody waits for a VF that comes, so nobody gives up on one that stopped: its netdev comes when it goes on.
    early = op in (op_rescan, op_remove)
    complaints = [run(c) for c in commands[:-1]]
    if lines and early:
        meet(op, lines)
    complaints.append(run(commands[-1]))
    if lines and not early:
        meet(op, lines)
    return after, ' '.join(complaints).strip()


def check(m):
    soak.reachable()
    until(lambda: soak.kernel_is(m))
    until(lambda: soak.pf_is(m))
    until(lambda: soak.daemon_is_well(m))
    complaint = soak.device_is_content() or LOG.complaint()
    if complaint:
        raise Failed(complaint)


def undisturbed(op):
    """What it takes in messages when nobody dies."""
    global MODEL
    while situation(op, MODEL) not in USUAL:
        before = situation(op, MODEL)
        MODEL, complaint = operate(op, [])
        if complaint:
            raise Failed(f'undisturbed: {complaint}')
        check(MODEL)
        settled()
        USUAL[before] = messages(op)
    return USUAL[situation(op, MODEL)]


def walk(point):
    global MODEL
    op = op_of(point)
    if not op:
        return 'elsewhere'
    counted = HOW == 'die' and op not in NOT_COUNTED
    usual = undisturbed(op) if counted else None
    lines = [f'{point} 1 {HOW}']
    if point.endswith('-vf-log'):
        op, usual = op_vlan_add, None
        lines.insert(0, 'after-mbx-send-ADD_VLAN_V2 1 die')
    start = time.monotonic()
    after, complaint = operate(op, lines)
    seconds = time.monotonic() - start
    if not complaint:
        MODEL = after
    check(MODEL)
    settled()
    sent = messages(op)
    if usual is not None and not complaint and sent != usual:
        raise Failed(f'messages: {dict(sent)}, usually {dict(usual)}')
    return f'{op.__name__[3:] if op.__name__ != "<lambda>" else "toggle"}, {seconds:.1f} s{", failed: " + complaint if complaint else ""}'


def start_anew():
    """So that one failure is not that of all the others."""
    global MODEL
    arm()
    sim('fault', 'clear')
    sh('systemctl', 'restart', 'iavfd')
    MODEL, _ = operate(op_rescan, [])
    check(MODEL)


def drawn(points):
    if not COUNT:
        return points
    usable = [p for p in points if op_of(p)]
    return random.Random(SEED).sample(usable, min(COUNT, len(usable)))


def main(points):
    walked = elsewhere = failed = 0
    for point in drawn(points):
        try:
            result = walk(point)
        except (Failed, subprocess.TimeoutExpired) as e:
            soak.dump()
            print(f'# {HOW} {point}: {e}', flush=True)
            failed += 1
            start_anew()
            continue
        if result == 'elsewhere':
            elsewhere += 1
            continue
        walked += 1
        print(f'# {HOW} {point}: {result}', flush=True)
    print(f'# {HOW}: {walked} points, {failed} failed, {elsewhere} that this PF does not meet')
    return 1 if failed or not walked else 0


HOW, SEED, COUNT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
soak.look_around(*sys.argv[4:7])
MODEL, LOG, USUAL = soak.Model(), soak.Log(), {}
sys.exit(main(sys.argv[7:]))

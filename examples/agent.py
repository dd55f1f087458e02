#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An agent that waits for a VF, gives it VLANs and reacts to its resets, over D-Bus alone: a line for each thing it would act upon.

usage: agent.py 0000:3b:02.0 [VLAN...]        (or an interface name)

Debian: python3-dbus, python3-gi. It asks for everything once, whenever the daemon appears, and then only listens.

The list of VLANs is the agent's: what it says takes the place of what was applied before, and VLANs that somebody made with ip(8)
are left alone. Saying it again changes nothing. It is not said again after a reset, which takes no VLAN away: the agent only looks.
A VF that comes anew (another driver had it, say) is as the files of /etc/iavfd say, so there it is said.
"""
import json
import sys

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

NAME, ROOT, VF, MANAGER = 'org.iavfd1', '/org/iavfd1', 'org.iavfd1.VF', 'org.iavfd1.Manager'
PATIENCE = 300          # seconds; a PF that is slow is given time
AWAY = ('org.freedesktop.DBus.Error.NoReply', 'org.freedesktop.DBus.Error.ServiceUnknown', 'org.freedesktop.DBus.Error.NameHasNoOwner',
        'org.iavfd1.Error.NotReady')


class Agent:
    def __init__(self, bus, loop, name, vlans):
        self.bus, self.loop, self.name, self.vlans = bus, loop, name, vlans
        self.vfs = {}           # path: properties
        self.ready, self.generation = False, None
        self.set_on = self.seen_in = None       # the instance that has the VLANs, the generation in which they were seen
        self.asking, self.failed = False, False
        bus.add_signal_receiver(self.on_changed, 'PropertiesChanged', 'org.freedesktop.DBus.Properties', NAME,
                                path_keyword='path')
        bus.add_signal_receiver(self.on_added, 'InterfacesAdded', 'org.freedesktop.DBus.ObjectManager', NAME)
        bus.add_signal_receiver(self.on_removed, 'InterfacesRemoved', 'org.freedesktop.DBus.ObjectManager', NAME)
        bus.watch_name_owner(NAME, self.on_owner)

    # what the daemon says of VFs

    def on_owner(self, owner):
        """A daemon that went says nothing about its VFs: they work on. One that came is asked."""
        if owner:
            self.bus.call_async(owner, ROOT, 'org.freedesktop.DBus.ObjectManager', 'GetManagedObjects', '', (),
                                self.on_all, lambda error: print(f'agent: {error}', file=sys.stderr))

    def on_all(self, objects):
        self.vfs = {path: dict(interfaces[VF]) for path, interfaces in objects.items() if VF in interfaces}
        self.look()

    def on_added(self, path, interfaces):
        if VF in interfaces:
            self.vfs[path] = dict(interfaces[VF])
            self.look()

    def on_removed(self, path, interfaces):
        if VF in interfaces and self.vfs.pop(path, None):
            self.look()

    def on_changed(self, interface, changed, _invalidated, path):
        if interface == VF and path in self.vfs:
            self.vfs[path].update(changed)
            self.look()

    def look(self):
        """Decided from what the VF is now and was last, so it does not matter how many signals there were."""
        path = next((path for path, vf in self.vfs.items() if self.name in (vf['PciAddress'], vf['Ifname'])), None)
        vf = self.vfs.get(path)
        ready = vf is not None and vf['State'] == 'ready' and vf['Phase'] in ('ready', 'degraded')
        if vf and self.generation is not None and vf['Generation'] != self.generation:
            print(f"reset {vf['PciAddress']} generation {vf['Generation']}")
        self.generation = vf['Generation'] if vf else None
        if ready and not self.ready:
            print(f"ready {vf['PciAddress']} {vf['Ifname'] or '-'}")
        if self.ready and not ready:
            print(f"{'waiting' if vf else 'gone'} {self.name}")
        self.ready = ready
        if ready and self.vlans and not self.asking:
            self.see_to_vlans(path, vf)
        sys.stdout.flush()

    # VLANs; one question at a time, and the VF is looked at again after its answer

    def see_to_vlans(self, path, vf):
        instance, generation, pci = vf['InstanceId'], vf['Generation'], vf['PciAddress']

        def done(word):
            self.set_on, self.seen_in, self.asking = instance, generation, False
            print(f'vlans {pci} {word}')
            self.look()

        if self.set_on != instance:
            self.asking = True
            document = {'schema': 'iavf-config/1', 'match': {'pci': pci},
                        'config': {'vlan': {'devices': [{'id': vlan} for vlan in self.vlans]}}}
            # All of them or none; the daemon answers when the PF has them.
            self.ask(ROOT, MANAGER, 'Apply', 'a(ss)a{sv}', ([('agent', json.dumps(document))], {'vf': pci}),
                     lambda answer: done(json.loads(answer)['outcome']))
        elif self.seen_in != generation:
            self.asking = True
            self.ask(path, VF, 'Describe', 'a{sv}', ({},), lambda answer: done('kept' if self.has_all(json.loads(answer)) else 'lost'))

    def has_all(self, described):
        devices = next((key['live'] for key in described['keys'] if key['key'] == 'vlan.devices'), None) or []
        return set(self.vlans) <= {device['id'] for device in devices}

    def ask(self, path, interface, method, signature, arguments, reply):
        self.bus.call_async(NAME, path, interface, method, signature, arguments, reply, self.on_error, timeout=PATIENCE)

    def on_error(self, error):
        """Not permitted (polkit), not valid, refused by the PF: whatever it is, nothing was changed, and trying again would not help.
        A daemon that is away for a moment says nothing about the VLANs."""
        self.asking = False
        if error.get_dbus_name() in AWAY:
            return
        print(f'agent: the VLANs cannot be set: {error.get_dbus_message()}', file=sys.stderr)
        self.failed = True
        self.loop.quit()


def main():
    if len(sys.argv) < 2:
        sys.exit('usage: agent.py VF [VLAN...]')
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    loop = GLib.MainLoop()
    agent = Agent(dbus.SystemBus(), loop, sys.argv[1], [int(vlan) for vlan in sys.argv[2:]])
    loop.run()
    sys.exit(agent.failed)


main()

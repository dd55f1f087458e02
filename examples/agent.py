#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An agent that waits for a VF and reacts to its resets, over D-Bus alone: a line for each thing it would act upon.

usage: agent.py 0000:3b:02.0        (or an interface name)

Debian: python3-dbus, python3-gi. It asks for everything once, whenever the daemon appears, and then only listens.
"""
import sys

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

NAME, ROOT, VF = 'org.iavfd1', '/org/iavfd1', 'org.iavfd1.VF'


class Agent:
    def __init__(self, bus, name):
        self.bus, self.name = bus, name
        self.vfs = {}           # path: properties
        self.ready, self.generation = False, None
        bus.add_signal_receiver(self.on_changed, 'PropertiesChanged', 'org.freedesktop.DBus.Properties', NAME,
                                path_keyword='path')
        bus.add_signal_receiver(self.on_added, 'InterfacesAdded', 'org.freedesktop.DBus.ObjectManager', NAME)
        bus.add_signal_receiver(self.on_removed, 'InterfacesRemoved', 'org.freedesktop.DBus.ObjectManager', NAME)
        bus.watch_name_owner(NAME, self.on_owner)

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
        vf = next((vf for vf in self.vfs.values() if self.name in (vf['PciAddress'], vf['Ifname'])), None)
        ready = vf is not None and vf['State'] == 'ready' and vf['Phase'] in ('ready', 'degraded')
        if vf and self.generation is not None and vf['Generation'] != self.generation:
            print(f"reset {vf['PciAddress']} generation {vf['Generation']}")
        self.generation = vf['Generation'] if vf else None
        if ready and not self.ready:
            print(f"ready {vf['PciAddress']} {vf['Ifname'] or '-'}")
        if self.ready and not ready:
            print(f"{'waiting' if vf else 'gone'} {self.name}")
        self.ready = ready
        sys.stdout.flush()


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: agent.py VF')
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    _agent = Agent(dbus.SystemBus(), sys.argv[1])
    GLib.MainLoop().run()


main()

# SPDX-License-Identifier: GPL-2.0-or-later
# The rest of the system: user, library cache, service manager. Sourced.
# shellcheck shell=sh

manager_runs() { [ -d /run/systemd/system ]; }

manager_reload() {
	! manager_runs || systemctl daemon-reload
}

# It read the policy when the file came, and did not know the user then.
bus_reload() {
	if manager_runs && systemctl --quiet is-active dbus.service; then
		systemctl reload dbus.service || say "reload the system bus: it does not know the policy of iavfd yet"
	fi
}

# Enabled for the next boot. A daemon that runs is exchanged, which the traffic does not notice; none is started beside
# a driver that is not ours.
services_install() {
	ldconfig
	if ! have systemctl; then
		say "no systemd here: start $SBINDIR/iavfd at boot yourself, before the network; it wants a user with CAP_NET_ADMIN"
		return
	fi
	systemd-sysusers "$PREFIX/lib/sysusers.d/iavfd.conf"
	systemd-tmpfiles --create "$PREFIX/lib/tmpfiles.d/iavfd.conf"
	bus_reload
	manager_reload
	! manager_runs || udevadm control --reload
	systemctl --quiet enable iavfd.service
	! manager_runs || systemctl try-restart iavfd.service
}

# Before the files go.
services_stop() {
	if have systemctl && [ -e "$UNITDIR/iavfd.service" ]; then
		systemctl --quiet disable iavfd.service
		! manager_runs || systemctl stop iavfd.service
	fi
}

services_removed() {
	ldconfig
	! have systemctl || manager_reload
}

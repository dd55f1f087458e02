#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/quickstart.md, typed as it stands there, a case for each section; each stands on those before. /share/quickstart.md is the page.
# On a machine (tests/system/quickstart installed) what the page begins with is done first: make install, make load.
. "$(dirname "$0")/lib.sh"

PAGE=/share/quickstart.md
ready() { iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == "ready" and .owner_pid != null and .ifname != null)'; }
on_the_bus() { busctl status org.iavfd1; }

t_selftest() { page.py selftest; }

t_install()
{
	local make="make -s -C /root/checkout B=build/lab/$1/user"
	mkdir /root/checkout
	tar -C /root/checkout -xzf /share/checkout.tar.gz
	$make install
	$make load
	udevadm settle
	within 20 ready
}

# an ordinary user, in no group but his own
t_user()
{
	useradd -m admin
	expect groups admin "$(id -nG admin)"
}

run_case quickstart/page-reader t_selftest
[ $# -eq 0 ] || run_case quickstart/install t_install "$1"
run_case quickstart/user t_user
within 20 ready
within 20 on_the_bus
for name in $(page.py list $PAGE); do
	run_case "quickstart/$name" page.py run $PAGE "$name"
done
run_case quickstart/kernel-clean kernel_clean
run_case quickstart/no-device-errors t_no_errors
finish

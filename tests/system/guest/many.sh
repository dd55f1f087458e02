#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As many VFs as one guest takes (--vfs 64): bring-up of all, the daemon's memory and wakeups, its restart.
. "$(dirname "$0")/lib.sh"

HERE=$(dirname "$0")
NUMBERS=$(mktemp)
number() { echo "# $*" >>"$NUMBERS"; }
daemon_pid() { systemctl show -P MainPID iavfd; }
COUNT=$(vf_pci | wc -l)
all_ready() { iavfctl -j list | jq -e "(.vfs | length) == $COUNT and all(.vfs[]; .state == \"ready\" and .owner_pid != null)"; }
all_well() { iavfctl -j status | jq -e "(.vfs | length) == $COUNT and all(.vfs[]; .phase == \"ready\")"; }
all_shown() { [ "$(cat /run/iavfd/vf/*.json | jq -r '.vfs[0].phase' | grep -c ready)" = "$COUNT" ]; }

t_up()
{
	python3 "$HERE/many.py" up >/tmp/up.json
	number "bring-up: $(cat /tmp/up.json)"
	split || return 0
	within 20 all_ready
	within 20 all_well
	within 5 all_shown
}

# Nobody wakes an idle daemon but its watchdog, each 15 s, however many VFs there are.
t_idle()
{
	split || skip "there is no daemon"
	python3 "$HERE/many.py" idle 60 >/tmp/idle.json
	number "idle: $(cat /tmp/idle.json)"
	[ "$(jq .wakeups /tmp/idle.json)" -le 6 ]
	[ "$(jq .rss_kib /tmp/idle.json)" -lt 16384 ]
}

# when, in microseconds
last_ready() { journalctl -q "_PID=$(daemon_pid)" IAVF_EVENT=vf-ready -o json -n 1 | jq -r .__MONOTONIC_TIMESTAMP; }
adopted() { iavfctl -j list | jq -e "all(.vfs[]; .owner_pid == $(daemon_pid))" && all_well; }
# A restart says nothing to the PF, of all VFs.
t_restart()
{
	split || skip "there is no daemon"
	mark many
	systemctl restart iavfd
	within 20 adopted
	no_messages many
	number "from start to the last VF adopted: $((($(last_ready) - $(systemctl show -P ExecMainStartTimestampMonotonic iavfd)) / 1000)) ms"
	within 5 all_shown
}

# All are reset at once; all come back.
t_all_reset()
{
	local i
	for i in $(seq 0 $((COUNT - 1))); do avfsimctl reset "$i" announced; done
	within 60 sh -c "[ \$(cat /sys/bus/pci/drivers/iavf/*/net/*/carrier | grep -c 1) = $COUNT ]"
	! split || within 20 all_well
}

run_case many/up t_up
run_case many/all_reset t_all_reset
run_case many/restart t_restart
run_case many/idle t_idle
cat "$NUMBERS"
run_case many/kernel_log kernel_clean
run_case many/no_device_errors t_no_errors
run_case many/no_violations t_no_violations
finish

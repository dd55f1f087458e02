#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The session in the hands of others than the daemon: wrong use, and an owner that wants to harm.
. "$(dirname "$0")/lib.sh"
T=/usr/libexec/iavf-tests

# cases of a program are printed as they are
program()
{
	"$@" | tee /tmp/program.out
	[ "${PIPESTATUS[0]}" -eq 0 ] || CASES_FAILED=$((CASES_FAILED + 1))
}
fresh() { rmmod iavf && modprobe iavf && sleep 0.5; }
t_daemon_takes_over()
{
	systemctl start iavfd
	within 20 sh -c "iavfctl -j list | jq -e 'all(.vfs[]; .state == \"ready\")'"
	rmmod iavf
	modprobe iavf
	within 20 sh -c "iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == \"ready\")'"
	udevadm settle
	ns_up
	ping_all 50 0.01
}

systemctl stop iavfd
run_case fresh fresh
program $T/wrong_use
run_case fresh-again fresh
for seed in ${SEEDS:-1 2 3}; do
	chosen "malicious-$seed" || continue
	program $T/malicious "$seed" "${SECONDS_EACH:-10}"
	run_case "no-device-errors-$seed" t_no_errors
	run_case "kernel-log-$seed" kernel_clean
	run_case "fresh-after-$seed" fresh
done
run_case daemon-takes-over t_daemon_takes_over
run_case no-device-errors t_no_errors
run_case kernel-log kernel_clean
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Another kernel takes over VFs that carry traffic: by kexec, through the driver's shutdown, and after a crash, without.
# It runs three times, each in the kernel that the one before started. Needs IAVF_LAB_KEXEC=1 and a crashkernel=.
. "$(dirname "$0")/lib.sh"

TURN=$(sed -n 's/.*iavf-lab-again=\([0-9]\).*/\1/p' /proc/cmdline)
TURN=${TURN:-0}

# the disk that has this serial number
disk() { local d; for d in /sys/block/vd*; do [ "$(cat "$d/serial")" != "$1" ] || echo "/dev/${d##*/}"; done; }
# load load|crash WORDS: the next kernel, which shall know its turn
load()
{
	local line
	cat "$(disk vmlinuz)" >/run/vmlinuz
	cat "$(disk initrd)" >/run/initrd
	line=$(sed 's/ *\(iavf-lab-again\|crashkernel\)=[^ ]*//g' /proc/cmdline)
	kexec.py "$1" /run/vmlinuz /run/initrd "$line iavf-lab-again=$((TURN + 1)) $2"
	rm /run/vmlinuz /run/initrd
}
# Both VFs have VLANs, their rings are full, frames are under way both ways.
busy()
{
	ip -n n1 link add link "$D1" name v10 type vlan id 10
	within 5 vlans_are 0 '[10]'
	$N1 ping -q -f -s 1400 10.9.0.2 >/dev/null 2>&1 &
	$N2 ping -q -f -s 1400 10.9.0.1 >/dev/null 2>&1 &
	sleep 1
	avfsimctl show | jq -e 'all(.[]; any(.queues[]; .rx_enabled))'
}
# What the last kernel left is not ours any more.
t_taken_over()
{
	avfsimctl show | jq -c '.[].macs'
	ns_up
	ping_all 50 0.01
	expect VLANs '[]' "$(avfsimctl show 0 | jq -c '.vlans["8100"]')"
	expect state ready "$(iavfctl -j show "$P1" | jq -r '.vfs[0].state')"
	expect degraded null "$(iavfctl -j show "$P1" | jq -r '.vfs[0].degraded')"
}

# Nobody stopped the device when the kernel crashed, and the next one takes over the IOMMU before it probes any driver: until
# then rings are live without memory. They may not have touched any, nor may anything else have been wrong.
t_only_unmapped()
{
	avfsimctl errors
	avfsimctl errors | jq -e '.errors == 0 and (.violation_messages | all(test("live while its memory is unmapped")))'
}

find_vfs
case $TURN in
0)
	run_case loads load load "crashkernel=$(sed -n 's/.*crashkernel=\([^ ]*\).*/\1/p' /proc/cmdline)"
	ns_up
	run_case busy busy
	[ "$CASES_FAILED" -eq 0 ] || finish
	kexec.py go
	die "no kexec"
	;;
1)
	run_case kexec t_taken_over
	run_case kexec-no-errors t_no_errors
	run_case kexec-no-violations t_no_violations
	run_case loads-for-crash load crash "nr_cpus=1 reset_devices"
	run_case busy-again busy
	run_case kernel-log kernel_clean
	[ "$CASES_FAILED" -eq 0 ] || finish
	echo c >/proc/sysrq-trigger
	;;
*)
	run_case crash-kernel t_taken_over
	run_case kernel-log-after kernel_clean
	run_case no-device-errors t_no_errors
	run_case no-violations t_only_unmapped
	finish
	;;
esac

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What device.sh has of a PF's part in it, on the PFs other than its own.
. "$(dirname "$0")/device.sh"

# Trust is not known: as many addresses as fit, a try to be promiscuous, and a reason.
t_list_limit_unknown()
{
	local extra
	extra=$(pf '.macs | length')
	fdb_all add 1 $((18 - extra + 4))
	within 5 degraded_is 'PF took 16 of 20 addresses: no more for an untrusted VF'
	expect filters 18 "$(pf '.macs | length')"
	reachable
	fdb_all del 1 $((18 - extra + 4))
	within 5 not_degraded
	within 5 pf_is ".macs | length == $extra"
}

# cases PROFILE FIRMWARE-VERSION LINK-SPEEDS...
cases()
{
	local profile=$1 firmware=$2
	shift 2
	use_profile "$profile"
	# rows: S29 X34
	run_case "$profile:stats-agree" t_stats_agree
	# rows: S4
	run_case "$profile:drvinfo" t_drvinfo "$firmware"
	# rows: S28
	run_case "$profile:link-speeds" t_link_speeds "$@"
	# rows: S28
	run_case "$profile:link-down" t_link_down
	# rows: X34
	run_case "$profile:stats-fresh" ours t_stats_fresh
	# rows: X34
	run_case "$profile:stats-over-reset" ours t_stats_over_reset
	# rows: S66 C7
	run_case "$profile:drops" ours t_drops
	# rows: X7
	run_case "$profile:coalesce" t_coalesce
	# rows: X33
	run_case "$profile:mac" t_mac
	# rows: X32
	run_case "$profile:unicast-list" t_unicast_list
	# rows: X32
	run_case "$profile:multicast-list" t_multicast_list
	case $profile in
	*,untrusted)
		# rows: S16 C1 X32
		run_case "$profile:list-limit" ours t_list_limit_unknown
		;;
	*)
		# rows: X31
		run_case "$profile:promisc" t_promisc
		# rows: X31
		run_case "$profile:allmulti" t_allmulti
		# rows: S15 X33
		run_case "$profile:mac-of-host" ours t_mac_of_host
		;;
	esac
}

ns_up
cases ice-svm "virtchnl 1.1, trusted"
# rows: X31 C11
run_case ice-svm:promisc-untrusted ours t_promisc_untrusted
# rows: X6
run_case ice-svm:fcs t_fcs
cases ice-port-vlan "virtchnl 1.1"
cases i40e "virtchnl 1.1"
cases i40e,untrusted "virtchnl 1.1"
# the old bits: nothing above 40 Gb/s, nothing below 100 Mb/s
cases v1.0 "virtchnl 1.0" 100 1000 2500 5000 10000 20000 40000 25000
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VLANs and QinQ on an E810 in double VLAN mode. The in-tree driver runs what it can; what it cannot says so.
# VLAN_TORTURE=SECONDS makes the last case longer, VLAN_SEED=N repeats one.
. "$(dirname "$0")/vlan-lib.sh"

PF=ice-dvm
ns_up
# rows: S30 S35 S41 S44
run_case dvm-abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" off off "on$(split || echo ' [fixed]')"
# rows: S31 S32 S33 S34 S41
run_case dvm-qinq fresh t_qinq
# rows: S31 S34 S41
run_case dvm-stacks fresh t_stacks
# rows: S30 S35
run_case dvm-mixed fresh t_mixed
# rows: S35
run_case dvm-one-type fresh t_one_type
# rows: S39 S40 S41
run_case dvm-pruned fresh t_pruned
# rows: S36
only_ours dvm-filter-off fresh t_filter_off
# rows: S36
only_ours dvm-filter-types fresh t_filter_types
# rows: S36
only_ours dvm-filter-lasts fresh t_filter_lasts
# rows: S36
only_ours dvm-trust-lost fresh t_trust_lost
# rows: S41
run_case dvm-all-vlans fresh t_all_vlans
run_case dvm-kept fresh t_kept
only_ours dvm-kept-by-daemon fresh t_kept_by_daemon
only_ours dvm-late-refusal fresh t_late_refusal
# rows: S37 S38
only_ours dvm-port-vlan-comes fresh t_port_vlan_comes

split && untrusted
VLAN_SEED=${VLAN_SEED:-$RANDOM}
echo "# VLAN_SEED=$VLAN_SEED"
# rows: S36
only_ours dvm-untrusted-filter fresh t_filter_untrusted
only_ours dvm-untrusted-limit fresh t_limit 8
only_ours torture fresh t_torture

vlan_finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VLANs and QinQ on an E810 in double VLAN mode. The in-tree driver runs what it can; what it cannot says so.
# VLAN_TORTURE=SECONDS makes the last case longer, VLAN_SEED=N repeats one.
. "$(dirname "$0")/vlan-lib.sh"

PF=ice-dvm
ns_up
# rows: S30 S35 S41 S44
run_case abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" off off "on$(split || echo ' [fixed]')"
# rows: S31 S32 S33 S34 S41
run_case qinq fresh t_qinq
# rows: S31 S34 S41
run_case stacks fresh t_stacks
# rows: S30 S35
run_case mixed fresh t_mixed
# rows: S35
run_case one-type fresh t_one_type
# rows: S39 S40 S41
run_case pruned fresh t_pruned
# rows: S36 C2
run_case filter-off ours "its filters cannot be switched" t_filter_off
# rows: S36
run_case filter-types ours "its filters cannot be switched" t_filter_types
# rows: S36
run_case filter-lasts ours "its filters cannot be switched" t_filter_lasts
# rows: S36
run_case trust-lost ours "its filters cannot be switched" t_trust_lost
# rows: S41
run_case all-vlans fresh t_all_vlans
# rows: S31 S41
run_case kept fresh t_kept
# rows: S41
run_case kept-by-daemon ours "it has no daemon" t_kept_by_daemon
# rows: S41
run_case late-refusal ours "it only logs refusals" t_late_refusal
# rows: S37 S38
run_case port-vlan-comes ours "it keeps the netdev as it was" t_port_vlan_comes

split && untrusted
VLAN_SEED=${VLAN_SEED:-$RANDOM}
echo "# VLAN_SEED=$VLAN_SEED"
# rows: S36
run_case ice-dvm,untrusted:filter ours "its filters cannot be switched" t_filter_untrusted
# rows: S41
run_case ice-dvm,untrusted:limit ours "it takes any number, and the PF refuses behind its back" t_limit 8
# rows: S41
run_case ice-dvm,untrusted:torture ours "it takes any number, and the PF refuses behind its back" t_torture

vlan_finish

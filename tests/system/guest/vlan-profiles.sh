#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VLANs on every other kind of PF.
. "$(dirname "$0")/vlan-lib.sh"

PF=ice-dvm
ns_up

PF=ice-port-vlan
use_profile $PF
# rows: S37 S38 S44
run_case port-vlan-abilities fresh t_abilities on on "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S37 S38
run_case port-vlan fresh t_port_vlan_dvm

PF=ice-svm
use_profile $PF
# rows: S42 S44
run_case svm-abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S30 S42
run_case svm-single fresh t_single
run_case svm-all-vlans fresh t_all_vlans

PF=ice-svm-port-vlan
use_profile $PF
# rows: S30 S37 S44
run_case svm-port-vlan-abilities fresh t_abilities "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S37
run_case svm-port-vlan fresh t_port_vlan_svm

PF=i40e
use_profile $PF
# rows: S42 S44
run_case i40e-abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S30 S42
run_case i40e-single fresh t_single
# rows: S36
only_ours i40e-filter-off fresh t_filter_off_empty
run_case i40e-trusted fresh t_trusted_v1
split && untrusted
only_ours i40e-untrusted-limit fresh t_limit 16

# the in-tree driver brings no queue up on a PF of version 1.0
PF=v1.0
! split || use_profile $PF
# rows: S30 S44
only_ours v1.0-abilities fresh t_abilities "on [fixed]" on on "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S42
only_ours v1.0-single fresh t_single

vlan_finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VLANs on every other kind of PF.
. "$(dirname "$0")/vlan-lib.sh"

PF=ice-dvm
ns_up

PF=ice-port-vlan
use_profile $PF
# rows: S37 S38 S44
run_case ice-port-vlan:abilities fresh t_abilities on on "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S37 S38
run_case ice-port-vlan:vlan fresh t_port_vlan_dvm

PF=ice-svm
use_profile $PF
# rows: S42 S44
run_case ice-svm:abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S30 S42
run_case ice-svm:single fresh t_single
# rows: S42
run_case ice-svm:all-vlans fresh t_all_vlans

PF=ice-svm-port-vlan
use_profile $PF
# rows: S30 S37 S44
run_case ice-svm-port-vlan:abilities fresh t_abilities "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S37
run_case ice-svm-port-vlan:vlan fresh t_port_vlan_svm

PF=i40e
use_profile $PF
# rows: S42 S44
run_case i40e:abilities fresh t_abilities on on "on$(split || echo ' [fixed]')" "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S30 S42
run_case i40e:single fresh t_single
# rows: S36
run_case i40e:filter-off ours "its filters cannot be switched" t_filter_off_empty
# rows: S42
run_case i40e:trusted fresh t_trusted_v1
split && untrusted
# rows: S42
run_case i40e,untrusted:limit ours "it takes any number, and the PF refuses behind its back" t_limit 16

# the in-tree driver brings no queue up on a PF of version 1.0
PF=v1.0
! split || use_profile $PF
# rows: S30 S44
run_case v1.0:abilities ours "it brings no queue up on a PF of version 1.0" t_abilities "on [fixed]" on on "off [fixed]" "off [fixed]" "off [fixed]"
# rows: S42
run_case v1.0:single ours "it brings no queue up on a PF of version 1.0" t_single

vlan_finish

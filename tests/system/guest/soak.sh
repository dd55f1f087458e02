#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Random operations under traffic (soak.py). usage: soak.sh [SECONDS [SEED [FROM]]]
. "$(dirname "$0")/lib.sh"

ns_up
ip netns add n3
# a daemon that is paused is not restarted; a known number of its own restarts
mkdir -p /run/systemd/system/iavfd.service.d
printf '[Service]\nWatchdogSec=0\n' >/run/systemd/system/iavfd.service.d/test.conf
systemctl daemon-reload
systemctl restart iavfd
within 10 owned
/share/soak.py "${1:-70}" "${2:-1}" "${3:-1}" "$P1" "$D1" "$D2" || CASES_FAILED=1
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish

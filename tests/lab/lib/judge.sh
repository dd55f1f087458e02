# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest's kernel said on its serial console, which the host keeps.
# shellcheck shell=bash

JUDGE_BAD='WARNING:|BUG:|Oops|Call Trace|kernel panic|soft lockup|hard lockup|blocked for more than|'
JUDGE_BAD+='self-detected stall|rcu.*detected stalls|general protection|UBSAN:|KASAN:|KFENCE:|kmemleak|refcount_t|'
JUDGE_BAD+='list_(add|del) corruption|unregister_netdevice: waiting|NETDEV WATCHDOG|DMAR:.*fault|Page pool.*stalled|'
JUDGE_BAD+='double free|use-after-free|bad page state|scheduling while atomic|lab init:'

# False, and the lines, when the log has anything that a healthy kernel does not say.
judge_kernel_log() {
	local log=$1
	grep -aqiE "$JUDGE_BAD" "$log" || return 0
	lab_say "the guest's kernel complained:"
	grep -aiE -m 5 -A 25 "$JUDGE_BAD" "$log" | head -n 80 >&2
	return 1
}

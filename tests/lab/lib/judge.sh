# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest's kernel said on its serial console, which the host keeps.
# shellcheck shell=bash

# As the kernel spells them: a busy host makes an emulated one print "MP-BIOS bug", which is none.
JUDGE_BAD='WARNING: |(^|[^-])BUG: |Oops: |Call Trace:|Kernel panic|soft lockup|hard LOCKUP|blocked for more than|'
JUDGE_BAD+='self-detected stall|detected (expedited )?stalls|general protection fault|UBSAN: |KASAN: |KFENCE: |'
JUDGE_BAD+='refcount_t: |list_(add|del) corruption|unregister_netdevice: waiting|NETDEV WATCHDOG|DMAR: .*fault|'
JUDGE_BAD+='[Pp]age_pool.* stalled|Bad page state|scheduling while atomic|sleeping function called|lab init: '

# False, and the lines, when the log has anything that a healthy kernel does not say.
judge_kernel_log() {
	local log=$1
	grep -aqE "$JUDGE_BAD" "$log" || return 0
	lab_say "the guest's kernel complained:"
	grep -aE -m 5 -A 25 "$JUDGE_BAD" "$log" | head -n 80 >&2
	return 1
}

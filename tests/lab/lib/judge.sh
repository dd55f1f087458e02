# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest's kernel said on its serial console, which the host keeps.
# shellcheck shell=bash

# As the kernel spells them: a busy host makes an emulated one print "MP-BIOS bug", which is none.
JUDGE_BAD='WARNING: |(^|[^-])BUG: |Oops: |Call Trace:|Kernel panic|soft lockup|hard LOCKUP|blocked for more than|'
JUDGE_BAD+='self-detected stall|detected (expedited )?stalls|general protection fault|UBSAN: |KASAN: |KFENCE: |'
JUDGE_BAD+='refcount_t: |list_(add|del) corruption|unregister_netdevice: waiting|NETDEV WATCHDOG|DMAR: .*fault|'
JUDGE_BAD+='[Pp]age_pool.* stalled|Bad page state|scheduling while atomic|sleeping function called|lab init: |'
JUDGE_BAD+='DMA-API: |ODEBUG: |trying to register non-static key|lab checkers: '

# What a kernel says between being crashed by hand and the one that takes over is no complaint.
judge_lines() { sed '/sysrq: Trigger a crash/,/Linux version/d' "$1" | grep -aE "${@:2}" "$JUDGE_BAD"; }

# False, and the lines, when the log has anything that a healthy kernel does not say.
judge_kernel_log() {
	local log=$1
	judge_lines "$log" -q || return 0
	lab_say "the guest's kernel complained:"
	judge_lines "$log" -m 5 -A 45 | head -n 120 >&2
	return 1
}

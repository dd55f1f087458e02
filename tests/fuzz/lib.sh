# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts of this folder share; sourced from the root of the tree.
B=${B:-build}
crashes=$B/fuzz/crashes
found=$B/fuzz/found
# Text of the targets themselves, which would bury everything else.
export FUZZ_TOOLS="clang libclang-rt-dev llvm"

# shellcheck disable=SC2086
fuzz_tools() { packaging/install-deps $FUZZ_TOOLS; }

targets() { sed 's/#.*//' tests/fuzz/targets | awk -F'|' 'NF { gsub(/ /, ""); print $1 }' FS='|'; }
# field TARGET N
field() { awk -F'|' -v t="$1" -v n="$2" '{ gsub(/ /, "") } $1 == t { print $n }' tests/fuzz/targets; }

# fuzz LOG TARGET OPTION...: of a crash only what matters
fuzz()
{
	local log=$1 target=$2
	shift 2
	mkdir -p "$crashes" "$found/$target"
	ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} "$B/fuzz/$target" -max_len="$(field "$target" 2)" -timeout=25 -rss_limit_mb=2048 \
		-artifact_prefix="$crashes/$target-" -print_final_stats=1 "$@" >"$log" 2>&1
}

# Of a log of libFuzzer
executions() { sed -n 's/^stat::number_of_executed_units: *//p' "$1" | tail -n 1; }
about_crash()
{
	grep -E '^#   |^fuzz: |^==[0-9]*==ERROR|runtime error|^    #[0-9]+ .*(daemon|kmod|libiavfctl|tests)/' "$1" | tail -n 30 | sed 's/^/# /'
	sed -n 's/.*Test unit written to \(.*\)/\1/p' "$1" | while read -r file; do
		echo "# again: $B/fuzz/$2 $file"
	done
}

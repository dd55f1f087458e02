# SPDX-License-Identifier: GPL-2.0-or-later
# The cache: one directory per artefact, named by kind, version and recipe. A directory that
# exists is complete: it is built under another name and renamed.
# shellcheck shell=bash

# Hash over the contents of files, to tell one recipe from another.
cache_hash() {
	cat -- "$@" | sha256sum | cut -c 1-10
}

# cache_get NAME BUILDER [ARG...]: sets CACHED to the artefact's directory. BUILDER is called with the directory
# to fill, then ARG..., only when the artefact is missing; runs at the same time wait for the first.
cache_get() {
	local name=$1 builder=$2 tmp lock
	shift 2
	CACHED=$LAB_CACHE/$name
	[ -d "$CACHED" ] && return 0
	mkdir -p "$LAB_CACHE"
	exec {lock}>"$LAB_CACHE/.lock-${name%%-*}"
	flock "$lock"
	if [ ! -d "$CACHED" ]; then
		tmp=$(mktemp -d "$LAB_CACHE/.building-XXXXXX")
		chmod 755 "$tmp"
		cache_build "$name" "$tmp" "$builder" "$@" || {
			rm -rf "$tmp"
			lab_die "could not make $name"
		}
		mv -T "$tmp" "$CACHED"
	fi
	exec {lock}>&-
}

cache_build() {
	local name=$1 tmp=$2 builder=$3 start=$SECONDS
	shift 3
	lab_say "making $name (once; it stays in the cache)"
	"$builder" "$tmp" "$@" || return 1
	echo $((SECONDS - start)) >"$tmp/built-in-seconds"
	lab_say "$name took $((SECONDS - start)) s, $(du -sh "$tmp" | cut -f 1)"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's archive as this host reaches it: mirror and proxy come from the host's own apt
# configuration, so nothing here names a server.
# shellcheck shell=bash

APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# A resolved version is asked for again after this many days, or with `setup --refresh`.
APT_RESOLVE_DAYS=14

# apt_mirror LABEL: the URI of the first source of this host with that label (Debian, Debian-Security).
apt_mirror() {
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk -F '|' -v l="$1" '$1 == "Debian" && $2 == l { print $3; exit }'
}

# Sets APT_MAIN and APT_SECURITY, or fails with a sentence.
apt_find_mirrors() {
	APT_MAIN=${IAVF_LAB_MIRROR:-$(apt_mirror Debian)}
	if [ -z "$APT_MAIN" ] && [ "$(id -u)" = 0 ]; then
		lab_quiet apt-get update
		APT_MAIN=$(apt_mirror Debian)
	fi
	APT_SECURITY=${IAVF_LAB_MIRROR_SECURITY:-$(apt_mirror Debian-Security)}
	[ -n "$APT_MAIN" ] ||
		lab_die "this host's apt knows no Debian archive (try 'apt-get update', or set IAVF_LAB_MIRROR)"
	[ -n "$APT_SECURITY" ] || lab_say "no security archive in this host's apt: going without"
}

# apt_sources TARGET: lines for sources.list.
apt_sources() {
	local suite uri
	for suite in $(lab_suites "$1"); do
		uri=$APT_MAIN
		[ "$suite" = "${suite%-security}" ] || uri=$APT_SECURITY
		[ -z "$uri" ] || echo "deb [signed-by=$APT_KEYRING] $uri $suite main"
	done
}

# How this host reaches the archive, in apt.conf syntax.
apt_acquire_options() {
	apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|Retries)' | grep -v ' "";$'
}

# apt_pins TARGET: what comes from backports. QEMU needs its firmware packages from there too.
apt_pins() {
	case $1 in
	7) printf 'Package: src:linux src:linux-signed-amd64 src:linux-base\nPin: release n=trixie-backports\nPin-Priority: 990\n' ;;
	qemu) printf 'Package: *\nPin: release n=trixie-backports\nPin-Priority: 500\n' ;;
	esac
}

# apt_private DIR TARGET: an apt of our own in DIR, with nothing installed; sets APT_CONFIG for the calls to come.
apt_private() {
	local dir=$1
	mkdir -p "$dir"/etc/apt.conf.d "$dir"/etc/preferences.d "$dir"/etc/trusted.gpg.d \
		"$dir"/state/lists/partial "$dir"/cache/archives/partial "$dir"/log
	: >"$dir/status"
	apt_sources "$2" >"$dir/etc/sources.list"
	apt_pins "$2" >"$dir/etc/preferences.d/lab"
	{
		apt_acquire_options
		cat <<-END
			Dir::Etc "$dir/etc";
			Dir::State "$dir/state";
			Dir::State::status "$dir/status";
			Dir::Cache "$dir/cache";
			Dir::Log "$dir/log";
			APT::Architecture "amd64";
			APT::Architectures { "amd64"; };
			APT::Sandbox::User "root";
			APT::Install-Recommends "false";
			Acquire::Languages "none";
		END
	} >"$dir/apt.conf"
	export APT_CONFIG=$dir/apt.conf
}

# apt_resolve TARGET: what the archive has now: "ABI VERSION" of a kernel, "VERSION VERSION" of QEMU.
apt_resolve() (
	apt_find_mirrors
	dir=$LAB_CACHE/.apt-$1-$BASHPID
	apt_private "$dir" "$1"
	lab_quiet apt-get -q update || exit 1
	package=linux-image-amd64
	[ "$1" != qemu ] || package=qemu-system-x86
	version=$(apt-cache policy "$package" | awk '$1 == "Candidate:" { print $2 }')
	name=${version#*:}
	[ "$1" = qemu ] || name=$(apt-cache show "$package=$version" |
		sed -n 's/^Depends:.*linux-image-\([0-9][^ ,]*\).*/\1/p' | head -n 1)
	rm -rf "$dir"
	[ -n "$name" ] || exit 1
	echo "$name $version"
)

# apt_resolved TARGET [refresh]: the remembered answer of apt_resolve; asks when there is none or it is old. An old
# answer is better than none when the archive cannot be reached.
apt_resolved() {
	local file=$LAB_CACHE/resolved-$1
	if [ "${2:-}" = refresh ] || [ -z "$(find "$file" -mtime -$APT_RESOLVE_DAYS 2>/dev/null)" ]; then
		mkdir -p "$LAB_CACHE"
		if apt_resolve "$1" >"$file.$$"; then
			mv "$file.$$" "$file"
		else
			rm -f "$file.$$"
			[ -s "$file" ] || lab_die "cannot ask Debian's archive for $1"
			touch "$file"
			lab_say "the archive cannot be reached: staying with what is known of $1"
		fi
	fi
	cat "$file"
}

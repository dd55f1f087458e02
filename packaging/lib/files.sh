# SPDX-License-Identifier: GPL-2.0-or-later
# The list packaging/files: each line carried out, or taken back. Sourced.
# shellcheck shell=sh

# The list without comments, names put in: PART HOW FROM TO.
files_list() {
	sed -e '/^#/d' -e '/^$/d' | expand_names
}

expand_names() {
	sed -e "s|@B@|$B|g" -e "s|@PREFIX@|$PREFIX|g" -e "s|@SBINDIR@|$SBINDIR|g" -e "s|@BINDIR@|$BINDIR|g" \
		-e "s|@LIBDIR@|$LIBDIR|g" -e "s|@UNITDIR@|$UNITDIR|g" -e "s|@MANDIR@|$MANDIR|g" \
		-e "s|@DBUSDIR@|$DBUSDIR|g" -e "s|@UDEVDIR@|$UDEVDIR|g" -e "s|@POLKITDIR@|$POLKITDIR|g" -e "s|@VERSION@|$VERSION|g"
}

# files_each COMMAND: COMMAND HOW FROM TO for each line of the wanted parts.
files_each() {
	files_list <packaging/files >"$LIST"
	while read -r part how from to; do
		if wants "$part"; then
			"$1" "$how" "$from" "$to"
		fi
	done <"$LIST"
}

# There, or allowed to be missing.
file_check() {
	case $1:$2 in
	link:* | gone:* | *:\?*) ;;
	*) [ -r "$2" ] || die "$2 is missing: run 'make' first" ;;
	esac
}

file_install() {
	case $1 in
	link)
		ln -sfn "$2" "$DESTDIR$3"
		return
		;;
	gone)
		remove_pattern "$3"
		return
		;;
	esac
	from=${2#\?}
	[ -e "$from" ] || return 0
	case $1 in
	expand-*)
		expand_names <"$from" | sed "s|/usr/sbin/iavfd|$SBINDIR/iavfd|g" >"$LIST.expanded"
		put "${1#expand-}" "$LIST.expanded" "$DESTDIR$3"
		;;
	*) put "$1" "$from" "$DESTDIR$3" ;;
	esac
}

# Under another name first: a program that runs cannot be overwritten, and nobody sees half a file.
put() {
	mkdir -p "${3%/*}"
	install -m "$1" "$2" "$3.iavf-new"
	mv -f "$3.iavf-new" "$3"
}

file_remove() {
	case $1 in
	gone) remove_pattern "$3" ;;
	*) rm -f "$DESTDIR$3" "$DESTDIR$3.iavf-new" ;;
	esac
	case $3 in */*.d/*) rmdir "$DESTDIR${3%/*}" 2>/dev/null || : ;; esac
}

# Unquoted where it is a pattern; without a match nothing is there to be removed.
remove_pattern() {
	for file in "$DESTDIR${1%/*}"/*; do
		# shellcheck disable=SC2254
		case $file in
		"$DESTDIR${1%/*}"/${1##*/}) rm -f "$file" ;;
		esac
	done
}

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run in a build root, in the checkout: build.sh DIR makes the debug kernel in DIR, and DIR/out with vmlinuz, abi and modules/,
# which is its /lib/modules/ABI, with what building other modules needs in modules/build.
set -eu
config=$(pwd)/tests/lab/debug/config
dir=$1

# Each line of the recipe holds in the result: an option that lost a dependency, or has another name now, would just be gone.
config_holds() {
	grep '^CONFIG_' "$config" | while read -r line; do
		grep -qxF "$line" .config || echo "debug/config: not so in the result: $line"
	done | tee missing >&2
	[ ! -s missing ]
}

# Modules are built with headers, makefiles and the kernel's own tools.
prune() {
	find . -mindepth 1 -maxdepth 1 ! -name out ! -name arch ! -name include ! -name scripts ! -name tools ! -name Makefile \
		! -name Kbuild ! -name Kconfig ! -name .config ! -name Module.symvers -exec rm -rf {} +
	find arch -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -rf {} +
	find arch tools -type f ! -name '*.h' ! -name 'Makefile*' ! -name 'Kbuild*' ! -name '*.tbl' ! -name '*.sh' \
		! -path tools/objtool/objtool -exec rm -f {} +
	find . -type d -empty -delete
}

mkdir -p "$dir"
tar -C "$dir" --strip-components=1 -xJf /usr/src/linux-source-6.12.tar.xz
cd "$dir"
export KBUILD_BUILD_TIMESTAMP='1 January 2025' KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab
make -s KCONFIG_ALLCONFIG="$config" allnoconfig
config_holds
make -s -j2 bzImage modules
abi=$(make -s kernelrelease)
make -s INSTALL_MOD_PATH=out modules_install
mv "out/lib/modules/$abi" out/modules
rm -rf out/lib out/modules/build out/modules/source
cp arch/x86/boot/bzImage out/vmlinuz
echo "$abi" >out/abi
prune
mkdir out/modules/build
find . -mindepth 1 -maxdepth 1 ! -name out -exec mv {} out/modules/build/ \;

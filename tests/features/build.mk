# SPDX-License-Identifier: GPL-2.0-or-later
# docs/features.md from the rows, the suites and what they said.

.PHONY: features check-features
features:
	tests/features/gen collect
	tests/features/gen doc >docs/features.md.new
	mv docs/features.md.new docs/features.md
check-features:
	tests/features/gen check

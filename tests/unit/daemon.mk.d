# SPDX-License-Identifier: GPL-2.0-or-later
INC_tests_unit += -Ikmod/uapi -Ilibiavfctl/src

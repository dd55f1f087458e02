// SPDX-License-Identifier: GPL-2.0-or-later
#include "iavfd.h"

int main(int argc, char **argv)
{
	struct iavfd iavfd = { .event = NULL };
	int code = options_parse(&iavfd.options, argc, argv);

	if (code >= 0)
		return code;
	log_init(&iavfd.log, iavfd.options.log_level, iavfd.options.foreground);
	return iavfd_run(&iavfd);
}

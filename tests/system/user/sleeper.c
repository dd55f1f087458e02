// SPDX-License-Identifier: GPL-2.0-or-later
/* An owner that takes the session from whoever has it, and never reads: sleeper, until it is killed. Says "owner" when it is. */
#include <stdio.h>
#include <unistd.h>

#include "../owner/client.h"

int main(void)
{
	static struct client c;
	int err = client_init(&c) ?: client_open(&c, true, 0);

	if (err) {
		fprintf(stderr, "sleeper: %d %s\n", err, c.why);
		return 1;
	}
	puts("owner");
	fflush(stdout);
	for (;;)
		pause();
}

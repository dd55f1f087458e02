// SPDX-License-Identifier: GPL-2.0-or-later
/* The state file seed.json with any content: what is understood is written and read as the same. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/seed_file.h"
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/dev/shm/iavf-fuzz.XXXXXX", path[64];

static void clean(void)
{
	unlink(path);
	rmdir(dir);
}

static void start(void)
{
	if (*path)
		return;
	if (!mkdtemp(dir))
		fuzz_wrong("no folder %s", dir);
	snprintf(path, sizeof(path), "%s/seed.json", dir);
	atexit(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t seed[16], again[16];
	int fd, err;

	start();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(fd, data, size) != (ssize_t)size)
		fuzz_wrong("no room in %s", dir);
	close(fd);
	err = seed_file_read(dir, seed);
	if (err && err != -EBADMSG)
		fuzz_wrong("a file that is there: %d", err);
	if (err)
		return 0;
	if (seed_file_write(dir, seed) || seed_file_read(dir, again) || memcmp(seed, again, 16))
		fuzz_wrong("written and read, it is another");
	return 0;
}

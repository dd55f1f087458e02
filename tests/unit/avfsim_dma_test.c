// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/dma.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

#define PAGE 4096ull

static struct dma dma;
static int memfd = -1;
static char last[256];
static const struct dma_extent everything = { 0, UINT64_MAX, "test" };

static void on_error(void *ctx, const char *sentence)
{
	snprintf(last, sizeof(last), "%s", sentence);
}

static void start(void)
{
	dma_fini(&dma);
	dma_init(&dma, on_error, NULL);
	dma.bus_master = true;
	last[0] = '\0';
	if (memfd < 0)
		memfd = memfd_create("test", MFD_CLOEXEC);
	CHECK(!ftruncate(memfd, 16 * PAGE));
}

static void across_maps(void)
{
	uint8_t out[6000], in[6000];

	start();
	/* Two neighbours in the guest, far apart in the file. */
	CHECK_EQ(dma_map(&dma, 0x10000, PAGE, true, true, memfd, 8 * PAGE), 0);
	CHECK_EQ(dma_map(&dma, 0x11000, PAGE, true, true, memfd, 2 * PAGE), 0);
	memset(out, 0x5a, sizeof(out));
	CHECK(dma_write(&dma, &everything, 0x10100, out, sizeof(out)));
	CHECK(dma_read(&dma, &everything, 0x10100, in, sizeof(in)));
	CHECK(!memcmp(in, out, sizeof(in)));
	CHECK(!dma_read(&dma, &everything, 0x11800, in, 0x801));
	CHECK(strstr(last, "not mapped"));
	CHECK(!dma_read(&dma, &everything, 0xffff, in, 2));
	CHECK_EQ(dma.bad, 2);
}

static void permissions(void)
{
	uint8_t byte = 1;

	start();
	CHECK_EQ(dma_map(&dma, 0, PAGE, true, false, memfd, 0), 0);
	CHECK_EQ(dma_map(&dma, PAGE, PAGE, false, true, memfd, 0), 0);
	CHECK_EQ(dma_map(&dma, 2 * PAGE, PAGE, true, true, -1, 0), 0);
	CHECK(dma_read(&dma, &everything, 0, &byte, 1));
	CHECK(!dma_write(&dma, &everything, 0, &byte, 1));
	CHECK(strstr(last, "read-only"));
	CHECK(dma_write(&dma, &everything, PAGE, &byte, 1));
	CHECK(!dma_read(&dma, &everything, PAGE, &byte, 1));
	CHECK(!dma_read(&dma, &everything, 2 * PAGE, &byte, 1));
	CHECK(strstr(last, "no memory"));
	/* All or nothing. */
	CHECK(!dma_write(&dma, &everything, 2 * PAGE - 1, &byte, 2));
}

static void extents(void)
{
	const struct dma_extent ring = { 0x100, 0x40, "ring" };
	uint8_t bytes[64] = { 0 };

	start();
	CHECK_EQ(dma_map(&dma, 0, PAGE, true, true, memfd, 0), 0);
	CHECK(dma_write(&dma, &ring, 0x100, bytes, 0x40));
	CHECK(!dma_write(&dma, &ring, 0x100, bytes, 0x41));
	CHECK(strstr(last, "outside of what the driver posted"));
	CHECK(!dma_write(&dma, &ring, 0xff, bytes, 1));
	CHECK(!dma_write(&dma, &ring, 0x140, bytes, 1));
	CHECK(dma_write(&dma, &ring, 0x13f, bytes, 1));
}

static void unmapping(void)
{
	uint8_t byte;

	start();
	CHECK_EQ(dma_map(&dma, 0, 8 * PAGE, true, true, memfd, 0), 0);
	CHECK_EQ(dma_map(&dma, 4 * PAGE, PAGE, true, true, memfd, 0), -EEXIST);
	/* A hole in the middle leaves both ends. */
	CHECK_EQ(dma_unmap(&dma, 3 * PAGE, 2 * PAGE), 0);
	CHECK_EQ(dma.num, 2);
	CHECK(dma_read(&dma, &everything, 3 * PAGE - 1, &byte, 1));
	CHECK(!dma_read(&dma, &everything, 3 * PAGE, &byte, 1));
	CHECK(strstr(last, "unmapped before"));
	CHECK(!dma_read(&dma, &everything, 5 * PAGE - 1, &byte, 1));
	CHECK(dma_read(&dma, &everything, 5 * PAGE, &byte, 1));
	/* One unmap over several maps. */
	CHECK_EQ(dma_unmap(&dma, 0, 16 * PAGE), 0);
	CHECK_EQ(dma.num, 0);
	CHECK_EQ(dma_unmap(&dma, 0, 16 * PAGE), 0);
	CHECK_EQ(dma_unmap(&dma, 0, 0), -EINVAL);
	CHECK_EQ(dma_unmap(&dma, UINT64_MAX, 2), -EINVAL);
}

static void bad_maps(void)
{
	start();
	CHECK_EQ(dma_map(&dma, 0, 17 * PAGE, true, true, memfd, 0), -EINVAL);
	CHECK_EQ(dma_map(&dma, 0, PAGE, true, true, memfd, 16 * PAGE), -EINVAL);
	CHECK_EQ(dma_map(&dma, 0, 0, true, true, memfd, 0), -EINVAL);
	CHECK_EQ(dma_map(&dma, UINT64_MAX - 10, PAGE, true, true, memfd, 0), -EINVAL);
	CHECK_EQ(dma.num, 0);
}

static void bus_master_off(void)
{
	uint8_t byte;

	start();
	CHECK_EQ(dma_map(&dma, 0, PAGE, true, true, memfd, 0), 0);
	dma.bus_master = false;
	CHECK(!dma_read(&dma, &everything, 0, &byte, 1));
	CHECK_EQ(dma.blocked, 1);
	CHECK_EQ(dma.bad, 0);
}

/* Against a bitmap of pages, which cannot be wrong. */
static void random_maps(void)
{
	static uint8_t mapped[256];
	uint8_t byte;

	start();
	memset(mapped, 0, sizeof(mapped));
	srand(7);
	for (unsigned int i = 0; i < 20000; i++) {
		uint64_t at = (uint64_t)rand() % 250, n = 1 + (uint64_t)rand() % 6;
		bool free_range = true;

		for (uint64_t p = at; p < at + n; p++)
			free_range &= !mapped[p];
		if (rand() & 1) {
			CHECK_EQ(dma_map(&dma, at * PAGE, n * PAGE, true, true, memfd, 0),
				 free_range ? 0 : -EEXIST);
			if (free_range)
				memset(mapped + at, 1, n);
		} else {
			CHECK_EQ(dma_unmap(&dma, at * PAGE, n * PAGE), 0);
			memset(mapped + at, 0, n);
		}
		at = (uint64_t)rand() % 256;
		CHECK_EQ(dma_read(&dma, &everything, at * PAGE, &byte, 1), mapped[at]);
	}
}

static const struct test_case cases[] = {
	{ "dma: an access over several maps", across_maps },
	{ "dma: permissions", permissions },
	{ "dma: only what was posted", extents },
	{ "dma: unmap", unmapping },
	{ "dma: maps that cannot be", bad_maps },
	{ "dma: bus mastering off", bus_master_off },
	{ "dma: random maps against a bitmap", random_maps },
};

TEST_MAIN(cases)

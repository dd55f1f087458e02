// SPDX-License-Identifier: GPL-2.0-or-later
/* Stable addresses, and state files that somebody spoilt. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"
#include "core/seed.h"
#include "core/seed_file.h"
#include "core/siphash.h"
#include "test.h"

static char dir[64];
static char said[2048];
static struct log quiet;

static void hear(void *ctx, int priority, const char *text)
{
	strncat(said, text, sizeof(said) - strlen(said) - 1);
}

static void fresh(void)
{
	char command[128];

	if (*dir) {
		snprintf(command, sizeof(command), "rm -rf %s", dir);
		CHECK(!system(command));
	}
	strcpy(dir, "/tmp/seed-test-XXXXXX");
	CHECK(mkdtemp(dir));
	said[0] = '\0';
	quiet = (struct log){ .level = LOG_DEBUG, .sink = hear };
}

static const char *path(const char *name)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s/%s", dir, name);
	return text;
}

static void put(const char *text, size_t len)
{
	FILE *file = fopen(path("seed.json"), "w");

	CHECK(file);
	CHECK(fwrite(text, 1, len, file) == len);
	fclose(file);
}

/* The vector of the reference: key 00..0f, input 00..0e. */
static void siphash_vector(void)
{
	uint8_t bytes[16];

	for (int i = 0; i < 16; i++)
		bytes[i] = i;
	CHECK(siphash(bytes, bytes, 15) == 0xa129ca6149be45e5ULL);
	CHECK(siphash(bytes, bytes, 0) == 0x726fdb47dd0e0e31ULL);
	CHECK(siphash(bytes, bytes, 8) == 0x93f5f5799a932462ULL);
}

static void made_once(void)
{
	struct seed first, second;
	uint8_t a[6], b[6];
	struct stat st;

	fresh();
	seed_load(&first, dir, &quiet);
	CHECK(first.known);
	CHECK(!stat(path("seed.json"), &st));
	CHECK_EQ(st.st_mode & 0777, 0600);
	seed_load(&second, dir, &quiet);
	CHECK(!memcmp(first.bytes, second.bytes, 16));
	CHECK(!*said);
	CHECK(seed_mac(&first, "0000:3b:02.0", 0, a));
	CHECK(seed_mac(&second, "0000:3b:02.0", 0, b));
	CHECK(!memcmp(a, b, 6));
}

static void makes_the_folder(void)
{
	struct seed seed;
	char deeper[96];

	fresh();
	snprintf(deeper, sizeof(deeper), "%s/state", dir);
	seed_load(&seed, deeper, &quiet);
	CHECK(seed.known);
	CHECK(!access(path("state/seed.json"), F_OK));
}

static void good_addresses(void)
{
	struct seed seed = { .known = true, .bytes = { 1, 2, 3 } };
	static uint8_t macs[4096][6];
	char pci[32];

	for (int i = 0; i < 4096; i++) {
		snprintf(pci, sizeof(pci), "0000:%02x:%02x.%x", i >> 8, i >> 3 & 31, i & 7);
		CHECK(seed_mac(&seed, pci, 0, macs[i]));
		CHECK_EQ(macs[i][0] & 3, 2);
		for (int j = 0; j < i; j++)
			CHECK(memcmp(macs[i], macs[j], 6));
	}
	CHECK(seed_mac(&seed, "0000:00:00.0", 1, macs[1]));
	CHECK(memcmp(macs[0], macs[1], 6));
	CHECK(seed_number(&seed, "rss", "a") == seed_number(&seed, "rss", "a"));
	CHECK(seed_number(&seed, "rss", "a") != seed_number(&seed, "rss", "b"));
}

static void unknown_seed(void)
{
	struct seed seed = { .known = false };
	uint8_t mac[6] = { 9 };

	CHECK(!seed_mac(&seed, "0000:3b:02.0", 0, mac));
	CHECK(!memcmp(mac, "\0\0\0\0\0\0", 6));
	seed_number(&seed, "rss", "a");
}

static void one_bad(const char *text, size_t len)
{
	struct seed seed, again;
	uint8_t bytes[16];

	fresh();
	put(text, len);
	CHECK_EQ(seed_file_read(dir, bytes), -EBADMSG);
	seed_load(&seed, dir, &quiet);
	CHECK(seed.known);
	CHECK(strstr(said, "seed.json.bad"));
	CHECK(!access(path("seed.json.bad"), F_OK));
	/* The next start finds a good one. */
	said[0] = '\0';
	seed_load(&again, dir, &quiet);
	CHECK(!*said);
	CHECK(!memcmp(seed.bytes, again.bytes, 16));
}

static void bad_files(void)
{
	static const char *const texts[] = {
		"", "{", "[]", "null", "7", "{}", "{\"schema\":\"iavfd-state/1\"}",
		"{\"seed\":\"00112233445566778899aabbccddeeff\"}",
		"{\"schema\":\"iavfd-state/2\",\"seed\":\"00112233445566778899aabbccddeeff\"}",
		"{\"schema\":\"iavfd-state/1\",\"seed\":\"00112233445566778899aabbccddeef\"}",
		"{\"schema\":\"iavfd-state/1\",\"seed\":\"00112233445566778899aabbccddeeff0\"}",
		"{\"schema\":\"iavfd-state/1\",\"seed\":\"0011223344556677 899aabbccddeeff\"}",
		"{\"schema\":\"iavfd-state/1\",\"seed\":5}", "{\"schema\":1,\"seed\":\"x\"}",
		"{\"schema\":\"iavfd-state/1\",\"seed\":\"00112233445566778899aabbccdd",
	};
	static char large[8192];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		one_bad(texts[i], strlen(texts[i]));
	memset(large, ' ', sizeof(large));
	one_bad(large, sizeof(large));
	one_bad("{\"schema\"\0}", 11);
}

static void not_a_file(void)
{
	uint8_t bytes[16];

	fresh();
	CHECK(!symlink("/dev/zero", path("seed.json")));
	CHECK_EQ(seed_file_read(dir, bytes), -EBADMSG);
	fresh();
	CHECK(!mkfifo(path("seed.json"), 0600));
	CHECK_EQ(seed_file_read(dir, bytes), -EBADMSG);
	fresh();
	CHECK(!mkdir(path("seed.json"), 0700));
	CHECK_EQ(seed_file_read(dir, bytes), -EBADMSG);
}

static void nowhere_to_write(void)
{
	struct seed seed;

	fresh();
	seed_load(&seed, "/proc/iavfd", &quiet);
	CHECK(strstr(said, "machine id"));
	CHECK(!seed.known == !!strstr(said, "no machine id"));
}

static void clean_up(void)
{
	fresh();
	CHECK(!rmdir(dir));
	dir[0] = '\0';
}

static const struct test_case cases[] = {
	{ "siphash_vector", siphash_vector }, { "made_once", made_once },
	{ "makes_the_folder", makes_the_folder }, { "good_addresses", good_addresses },
	{ "unknown_seed", unknown_seed }, { "bad_files", bad_files }, { "not_a_file", not_a_file },
	{ "nowhere_to_write", nowhere_to_write }, { "clean_up", clean_up },
};

TEST_MAIN(cases)

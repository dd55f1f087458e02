// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <systemd/sd-id128.h>

#include "log.h"
#include "seed.h"
#include "seed_file.h"
#include "siphash.h"

/* Makes what we compute from the machine id ours; it says nothing about the id itself. */
#define APP_ID	SD_ID128_MAKE(5b, 0e, 17, 6c, 9a, 44, 4f, 53, 8d, 21, c0, 3a, 77, 1f, e2, 90)

/* Never waits for entropy at boot; a number without it is not made into a stable one. */
static bool random_bytes(void *to, size_t len)
{
	return getrandom(to, len, GRND_NONBLOCK) == (ssize_t)len;
}

static bool from_machine(struct seed *seed)
{
	sd_id128_t id;

	if (sd_id128_get_machine_app_specific(APP_ID, &id) < 0)
		return false;
	memcpy(seed->bytes, id.bytes, sizeof(seed->bytes));
	seed->known = true;
	return true;
}

static int make(struct seed *seed, const char *dir)
{
	int err;

	if (!random_bytes(seed->bytes, sizeof(seed->bytes)))
		return -EAGAIN;
	err = seed_file_write(dir, seed->bytes);
	seed->known = !err;
	return err;
}

void seed_load(struct seed *seed, const char *dir, struct log *log)
{
	int err = seed_file_read(dir, seed->bytes);

	seed->known = !err;
	if (!err)
		return;
	if (err == -EBADMSG) {
		log_say(log, LOG_WARNING,
			"%s/seed.json cannot be understood and is now seed.json.bad; VFs without an address from the host get new ones",
			dir);
		seed_file_put_aside(dir);
	}
	/* A file that is there but cannot be read is not replaced. */
	if (err == -ENOENT || err == -EBADMSG)
		err = make(seed, dir);
	if (seed->known)
		return;
	if (from_machine(seed)) {
		log_say(log, LOG_NOTICE,
			"no state in %s (%s); VF addresses are computed from the machine id", dir,
			strerror(-err));
		return;
	}
	log_say(log, LOG_NOTICE,
		"no state in %s (%s) and no machine id; VFs without an address from the host get a random one",
		dir, strerror(-err));
}

static uint64_t hash(const struct seed *seed, const char *what, const char *pci, unsigned int turn)
{
	char text[96];
	int len = snprintf(text, sizeof(text), "%s %s %u", what, pci, turn);

	return siphash(seed->bytes, text, len < (int)sizeof(text) ? len : (int)sizeof(text) - 1);
}

bool seed_mac(const struct seed *seed, const char *pci, unsigned int turn, uint8_t mac[6])
{
	uint64_t number;

	memset(mac, 0, 6);
	if (!seed->known)
		return false;
	number = hash(seed, "mac", pci, turn);
	for (int i = 0; i < 6; i++)
		mac[i] = number >> (8 * i);
	mac[0] = (mac[0] & 0xfc) | 0x02;
	return true;
}

uint64_t seed_number(const struct seed *seed, const char *what, const char *pci)
{
	uint64_t number = 0;

	if (seed->known)
		return hash(seed, what, pci, 0);
	if (!random_bytes(&number, sizeof(number)))
		getrandom(&number, sizeof(number), GRND_INSECURE);
	return number;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define ROW(word, member) { word, #member, offsetof(struct iavfctl_counters, member) }

const struct counter_row counter_rows[] = {
	ROW("resets", resets),
	ROW("mbx-sent", mbx_sent),
	ROW("mbx-received", mbx_received),
	ROW("stale", stale),
	ROW("overrun", overrun),
	ROW("requests", requests),
	ROW("requests-failed", requests_failed),
	ROW("sessions", sessions),
	ROW("reset-us", reset_us),
	ROW("unproven-stops", unproven_stops),
	{ NULL, NULL, 0 },
};

uint64_t counter_value(const struct iavfctl_vf *vf, unsigned int row)
{
	uint64_t value;

	memcpy(&value, (const char *)&vf->counters + counter_rows[row].offset, sizeof(value));
	return value;
}

void text_mac(const struct iavfctl_vf *vf, char mac[18])
{
	const uint8_t *m = vf->mac;

	if (!(vf->have & IAVFCTL_HAVE_MAC))
		strcpy(mac, "-");
	else
		snprintf(mac, 18, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
			 m[5]);
}

void text_speed(const struct iavfctl_vf *vf, char *text, size_t size)
{
	if (!(vf->have & IAVFCTL_HAVE_LINK_MBPS))
		snprintf(text, size, "-");
	else if (vf->link_mbps < 1000)
		snprintf(text, size, "%" PRIu32 "M", vf->link_mbps);
	else
		snprintf(text, size, "%gG", vf->link_mbps / 1000.0);
}

void text_ifname(const struct iavfctl_vf *vf, char *text, size_t size)
{
	if (!vf->ifname)
		snprintf(text, size, "-");
	else if (vf->netns_is_ours)
		snprintf(text, size, "%s", vf->ifname);
	else
		snprintf(text, size, "%s@%" PRIu64, vf->ifname, vf->netns);
}

const char *text_state(const struct iavfctl_vf *vf)
{
	return vf->degraded && vf->state == IAVFCTL_STATE_READY ? "degraded" :
	       iavfctl_state_word(vf->state);
}

static uint64_t until_ms(clockid_t clock, uint64_t us)
{
	struct timespec now;
	uint64_t now_us;

	clock_gettime(clock, &now);
	now_us = now.tv_sec * UINT64_C(1000000) + now.tv_nsec / 1000;
	return us > now_us ? (us - now_us) / 1000 : 0;
}

uint64_t text_until_ms(uint64_t us)
{
	return until_ms(CLOCK_MONOTONIC, us);
}

uint64_t text_until_boottime_ms(uint64_t us)
{
	return until_ms(CLOCK_BOOTTIME, us);
}

void text_time(uint64_t ns, char text[32])
{
	struct timespec when = { ns / 1000000000, ns % 1000000000 };
	struct tm tm;
	size_t len;

	if (!ns)
		clock_gettime(CLOCK_REALTIME, &when);
	gmtime_r(&when.tv_sec, &tm);
	len = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, 32 - len, ".%03ldZ", when.tv_nsec / 1000000);
}

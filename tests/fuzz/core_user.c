// SPDX-License-Identifier: GPL-2.0-or-later
/* What users do, and time. */
#include "core.h"

#define LISTS_MODEST	15	/* addresses that an untrusted VF has, too */

static void vlans(struct kern *k, const struct step *s, bool add)
{
	uint16_t tpid = s->a & 1 ? 0x88a8 : 0x8100;

	for (unsigned int i = 0; i < s->c % 400; i++) {
		uint16_t vid = 1 + (s->b + i) % 4094;

		if (add)
			kern_user_vlan(k, tpid, vid);
		else
			kern_user_vlan_kill(k, tpid, vid);
	}
}

/*
 * Of two types of offloads the kernel drops the second, also when the first is on already; and it
 * switches off no two filters.
 */
static void features(struct kern *k, const struct step *s)
{
	uint32_t which = s->a & 0xf, wanted = s->b & 0xf;
	int t = s->c & 1;

	if (s->a & 0x80) {
		if (k->features & kern_filter(t))
			kern_user_features(k, kern_filter(t) | kern_filter(!t), kern_filter(!t));
		else
			kern_user_features(k, kern_filter(t), kern_filter(t));
		return;
	}
	if (((k->features & ~which) | (wanted & which)) & CTAG_OFFLOAD) {
		which |= STAG_OFFLOAD;
		wanted &= CTAG_OFFLOAD;
	}
	kern_user_features(k, which, wanted);
}

static void lists(struct core *core, const struct step *s)
{
	unsigned int uc = s->a, mc = s->b % (KERN_MACS + 1);

	core->immodest |= uc > LISTS_MODEST || mc > LISTS_MODEST;
	kern_user_lists(&core->w->kern, uc, mc, s->c);
}

static void call(struct core *core, unsigned int n, const struct step *s)
{
	const uint8_t mac[6] = { s->b & 1 ? 0x03 : 0x02, 0xab, s->c, s->c >> 8, 0, s->a };
	struct kern *k = &core->w->kern;

	switch (n) {
	case 0:
		kern_user_open(k);
		break;
	case 1:
		kern_user_down(k);
		break;
	case 2:
		kern_user_mac(k, mac);
		break;
	case 3:
		vlans(k, s, true);
		break;
	case 4:
		vlans(k, s, false);
		break;
	case 5:
		features(k, s);
		break;
	case 6:
		kern_user_mtu(k, 68 + s->b % 9600, s->a % 17);
		break;
	case 7:
		kern_user_channels(k, 1 + s->a % 16, 1 + s->b % 16);
		break;
	case 8:
		kern_user_flags(k, s->a & 6);
		break;
	case 9:
		lists(core, s);
		break;
	case 10:
		kern_user_rss(k, s->a & 31, s->b & 7);
		break;
	case 11:
		kern_user_rss_fields(k, s->a & 7, s->b & 31);
		break;
	case 12:
		kern_user_stats(k);
		break;
	}
}

void core_user(struct core *core, unsigned int n, const struct step *s)
{
	struct world *w = core->w;

	if (n == 12 && s->a & 0x80) {	/* not as a call: at any time */
		core_policy(core, s);
		return;
	}
	switch (n) {
	case 13:
		core_run(core, s->c % 3000 * US);
		break;
	case 14:
		core_run(core, s->c % 3000 * MS);
		break;
	case 15:
		for (unsigned int i = s->a; i; i--)
			world_step(w, w->now + SEC);
		break;
	case 16:
		if (w->vf && s->a & 1)	/* in the middle of what it does then */
			w->die_at = 1 + s->b % 64;
		else if (w->vf)
			daemon_kill(w);
		else
			daemon_start(w);
		break;
	case 17:	/* until the call has ended, as a shell does */
		core_end_calls(core);
		break;
	default:
		if (w->kern.user.op == USER_NONE)
			call(core, n, s);
	}
}

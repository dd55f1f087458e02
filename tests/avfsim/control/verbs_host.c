// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host's administrator does to the PF and its VFs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/call.h"
#include "pf/profile.h"
#include "sim.h"

static struct json_object *profile_state(const struct sim *sim)
{
	struct json_object *obj = json_object_new_object(), *all = json_object_new_array();
	const char *name;

	for (unsigned int i = 0; (name = pf_profile_name(i)); i++)
		json_object_array_add(all, json_object_new_string(name));
	json_object_object_add(obj, "profile", json_object_new_string(pf_get_profile(sim->pf)));
	json_object_object_add(obj, "profiles", all);
	return obj;
}

int do_profile(const struct call *c)
{
	const struct pf_profile *profile;
	bool untrusted;

	if (!c->num) {
		*c->result = profile_state(c->sim);
		return 0;
	}
	profile = pf_profile_parse(c->args[0], &untrusted);
	if (!profile)
		return verb_fail(c, -ENOENT, "no such profile; without a name all are listed");
	return verb_answer(c, pf_set_profile(c->sim->pf, sim_now(), profile->name, untrusted));
}

int do_mac(const struct call *c)
{
	unsigned int vf, b[6];
	uint8_t mac[6];
	char rest;

	if (verb_vf(c, c->args[0], &vf))
		return -EINVAL;
	if (sscanf(c->args[1], "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &rest) != 6)
		return verb_fail(c, -EINVAL, "not a MAC address");
	for (unsigned int i = 0; i < 6; i++)
		mac[i] = b[i];
	return verb_answer(c, pf_set_mac(c->sim->pf, sim_now(), vf, mac));
}

static int on_off(const struct call *c, int (*set)(struct pf *, uint64_t, unsigned int, bool))
{
	unsigned int vf;
	bool on;

	if (verb_vf(c, c->args[0], &vf) || verb_switch(c, c->args[1], "on", "off", &on))
		return -EINVAL;
	return verb_answer(c, set(c->sim->pf, sim_now(), vf, on));
}

int do_port_vlan(const struct call *c)
{
	uint16_t tpid = 0x8100;
	uint64_t id = 0;
	unsigned int vf;
	int err;

	if (verb_vf(c, c->args[0], &vf))
		return -EINVAL;
	if (!strcmp(c->args[1], "none"))
		tpid = 0;
	else if (verb_number(c, c->args[1], 4094, &id))
		return -EINVAL;
	if (c->num == 3 && (!tpid || (strcmp(c->args[2], "802.1Q") && strcmp(c->args[2], "802.1ad"))))
		return verb_fail(c, -EINVAL, "a port VLAN is ID [802.1Q|802.1ad], or none");
	if (c->num == 3 && !strcmp(c->args[2], "802.1ad"))
		tpid = 0x88a8;
	err = pf_set_port_vlan(c->sim->pf, sim_now(), vf, tpid, id);
	if (err == -EPROTONOSUPPORT)
		return verb_fail(c, err, "this PF is in single VLAN mode, which knows 802.1Q only");
	return verb_answer(c, err);
}

int do_trust(const struct call *c)
{
	return on_off(c, pf_set_trust);
}

int do_spoof(const struct call *c)
{
	return on_off(c, pf_set_spoof_check);
}

int do_link(const struct call *c)
{
	uint64_t mbps = 0;
	unsigned int vf;
	bool up;

	if (verb_vf(c, c->args[0], &vf) || verb_switch(c, c->args[1], "up", "down", &up))
		return -EINVAL;
	if (c->num == 3 && verb_number(c, c->args[2], UINT32_MAX, &mbps))
		return -EINVAL;
	return verb_answer(c, pf_set_link(c->sim->pf, sim_now(), vf, up, mbps));
}

int do_mtu(const struct call *c)
{
	uint64_t bytes;
	unsigned int vf;

	if (verb_vf(c, c->args[0], &vf) || verb_number(c, c->args[1], UINT16_MAX, &bytes))
		return -EINVAL;
	return verb_answer(c, pf_set_max_frame(c->sim->pf, sim_now(), vf, bytes));
}

int do_msix(const struct call *c)
{
	unsigned int vf;
	uint64_t num;

	if (verb_vf(c, c->args[0], &vf) || verb_number(c, c->args[1], PF_MAX_VECTORS, &num))
		return -EINVAL;
	return verb_answer(c, pf_set_vectors(c->sim->pf, sim_now(), vf, num));
}

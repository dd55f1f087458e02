// SPDX-License-Identifier: GPL-2.0-or-later
/* What a PF does and should not, what its host changes, and what befalls record and log. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "pf/profile.h"
#include "virtchnl/opcodes.h"

/* Answers */

static void poke(uint8_t *payload, size_t len, size_t offset, size_t size, uint32_t value)
{
	uint32_t le = htole32(value);

	if (offset + size <= len)
		memcpy(payload + offset, &le, size);
}

static void mutate(const struct mutation *m, uint32_t *opcode, int32_t *status, uint8_t *payload,
		   size_t *len)
{
	size_t cut = m->value % (VIRTCHNL_MSG_MAX + 1);

	switch (m->kind % 8) {
	case 0:
		*status = (int32_t)m->value;
		break;
	case 1:		/* longer or shorter, with what happens to be there */
		if (cut > *len)
			memset(payload + *len, m->value >> 24, cut - *len);
		*len = cut;
		break;
	case 2:
		*len = *len ? m->value % *len : 0;
		break;
	case 3:
		poke(payload, *len, m->value >> 16 & 0x3f, 2, m->value);
		break;
	case 4:
		*opcode = m->value & 0xff;
		break;
	case 5:
		memset(payload, m->value, *len);
		break;
	case 6:		/* the number of elements, where messages have it */
		poke(payload, *len, 2, 2, m->value);
		break;
	case 7:
		if (m->bytes)
			memcpy(payload, m->bytes, m->len);
		*len = m->len;
		*status = 0;
		break;
	}
}

static void forget(struct mutation *m)
{
	free(m->bytes);
	*m = (struct mutation) { 0 };
}

void core_pf_hook(struct world *w, uint32_t *opcode, int32_t *status, void *payload, size_t *len)
{
	struct core *core = w->hook_data;

	for (unsigned int i = 0; i < CORE_LIES; i++) {
		const struct lie *lie = &core->lies[i];

		if (lie->size && lie->op == *opcode)
			poke(payload, *len, lie->offset, lie->size, lie->value);
	}
	for (unsigned int i = 0; i < CORE_MUTATIONS; i++) {
		struct mutation *m = &core->mutations[i];

		if (!m->used || (m->op && m->op != *opcode))
			continue;
		if (m->skip) {
			m->skip--;
			continue;
		}
		mutate(m, opcode, status, payload, len);
		forget(m);
		return;
	}
}

void core_pf_honest(struct core *core)
{
	memset(core->lies, 0, sizeof(core->lies));
	for (unsigned int i = 0; i < CORE_MUTATIONS; i++)
		forget(&core->mutations[i]);
	faults_clear(core->w->faults);
	pf_set_msg_delay(core->w->pf, 50 * US);
}

static void add_lie(struct core *core, const struct step *s)
{
	static const uint8_t sizes[] = { 1, 2, 4, 4 };

	core->misled = true;
	core->lies[core->next_lie++ % CORE_LIES] = (struct lie) {
		.op = s->b & 0xff, .offset = s->a & 0x7f, .size = sizes[s->b >> 8 & 3],
		.value = s->c,
	};
}

/* Replaced as a whole: the bytes are the next steps. */
static void add_mutation(struct core *core, const struct step *s, bool replace)
{
	struct mutation *m = &core->mutations[core->next_mutation++ % CORE_MUTATIONS];
	uint8_t bytes[VIRTCHNL_MSG_MAX];

	core->misled = true;
	forget(m);
	*m = (struct mutation) {
		.used = true, .kind = replace ? 7 : s->a % 7, .op = s->b, .skip = s->b >> 8,
		.value = s->c,
	};
	if (!replace)
		return;
	m->len = program_bytes(&core->program, bytes, s->c % (sizeof(bytes) + 1));
	m->bytes = malloc(m->len + 1);
	memcpy(m->bytes, bytes, m->len);
}

static void say(struct core *core, const struct step *s)
{
	uint8_t bytes[VIRTCHNL_MSG_MAX];
	size_t len = program_bytes(&core->program, bytes, s->c % (sizeof(bytes) + 1));

	core->misled = true;
	kern_mailbox(&core->w->kern, s->b & 0xff, (int8_t)s->a, bytes, len);
}

static void event(struct core *core, const struct step *s)
{
	uint32_t words[4] = { htole32(s->a & 3), htole32(s->c), htole32(s->b), htole32(s->a) };

	core->misled = true;
	kern_mailbox(&core->w->kern, VIRTCHNL_OP_EVENT, 0, words, s->a & 0x80 ? s->b % 17 : 16);
}

static void fault(struct core *core, const struct step *s)
{
	static const char *const kinds[] = {
		"drop", "duplicate", "delay=1", "delay=30", "delay=900", "delay=2200", "delay=6000",
		"refuse=-5", "refuse=-18", "refuse=-64", "refuse=-1", "refuse=-12", "truncate=0",
		"truncate=3", "reset=silent", "reset=announced",
	};
	char text[120], op[16] = "";
	unsigned int kind = s->a & 15;
	bool always = s->c % 8 == 7;
	const char *why;

	if (s->b & 0xff)
		snprintf(op, sizeof(op), "op=%u", s->b & 0xff);
	snprintf(text, sizeof(text), "%s dir=%s %s skip=%u %s", kinds[kind],
		 s->a & 16 ? "request" : "reply", op, s->b >> 8 & 15,
		 always ? "count=always" : "");
	/*
	 * Of what is lost or late the daemon keeps account. Two answers are two answers: it sends on,
	 * and the one behind is still in the PF's queue; there is room for one such. Nor can it count
	 * what a PF still has that takes longer than any deadline for each message.
	 */
	core->doubled += kind == 1 ? always ? 2 : 1 : 0;
	core->misled |= kind > 6 || core->doubled > 1 || (kind >= 5 && always);
	world_note(core->w, "fault: %s", text);
	faults_add(core->w->faults, text, &why);
}

/* The host */

static void host(struct core *core, const struct step *s)
{
	const uint8_t mac[6] = { s->b >> 8, 0x40, 5, 0, 0, s->b };
	uint64_t now = core->w->now;
	struct pf *pf = core->w->pf;

	core->host_changed = true;
	switch (s->a % 9) {
	case 0:
		pf_set_mac(pf, now, 0, mac);
		break;
	case 1:
		pf_set_trust(pf, now, 0, s->b & 1);
		break;
	case 2:
		pf_set_port_vlan(pf, now, 0, s->b & 1 ? 0x8100 : s->b & 2 ? 0x88a8 : 0, s->c & 0xfff);
		break;
	case 3:
		pf_set_link(pf, now, 0, s->b & 1, s->c);
		break;
	case 4:
		pf_set_max_frame(pf, now, 0, s->b);
		break;
	case 5:
		pf_set_vectors(pf, now, 0, s->b % (PF_MAX_VECTORS + 1));
		break;
	case 6:
		pf_set_max_queues(pf, s->b % (PF_MAX_QUEUES + 1));
		break;
	case 7:
		if (pf_profile_name(s->b & 7))
			pf_set_profile(pf, now, pf_profile_name(s->b & 7), s->c & 1);
		break;
	case 8:
		pf_set_spoof_check(pf, now, 0, s->b & 1);
		break;
	}
}

/* Record and log are the kernel's, and nobody changes them; a bug could. Who reads them is the next daemon. */
static void spoil_record(struct core *core, const struct step *s)
{
	struct kern *k = &core->w->kern;

	if (k->owner || !k->record_len)
		return;
	core->misled = true;
	core->host_changed = true;	/* what users want of RSS is nowhere else */
	if (s->a & 1)
		k->record_len = s->b % k->record_len;
	else
		k->record[(s->a & 2 ? s->b : s->b % 64) % k->record_len] = s->c;
}

static void spoil_log(struct core *core, const struct step *s)
{
	struct kern *k = &core->w->kern;
	uint8_t bytes[VIRTCHNL_MSG_MAX];
	size_t len = program_bytes(&core->program, bytes, s->c % (sizeof(bytes) + 1));

	if (k->owner)
		return;
	core->misled = true;
	if (s->a & 1)
		kern_log_received(k, s->b & 0xff, (int8_t)(s->b >> 8), bytes, len);
	else
		kern_log_sent(k, k->send_seq + 1, s->b & 0xff, -1, bytes, len);
}

void core_pf(struct core *core, unsigned int n, const struct step *s)
{
	struct world *w = core->w;

	switch (n) {
	case 0:
		pf_reset(w->pf, w->now, 0, PF_RESET_SILENT);
		break;
	case 1:
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
		break;
	case 2:
		pf_flr(w->pf, w->now, 0);
		break;
	case 3:
	case 4:
		fault(core, s);
		break;
	case 5:
	case 6:
		add_mutation(core, s, false);
		break;
	case 7:
		add_mutation(core, s, true);
		break;
	case 8:
	case 9:
		add_lie(core, s);
		break;
	case 10:
		say(core, s);
		break;
	case 11:
		event(core, s);
		break;
	case 12:
		host(core, s);
		break;
	case 13:
		spoil_record(core, s);
		break;
	case 14:
		spoil_log(core, s);
		break;
	case 15:
		pf_set_msg_delay(w->pf, s->c % 30000 * US);
		break;
	}
}

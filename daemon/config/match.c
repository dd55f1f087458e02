// SPDX-License-Identifier: GPL-2.0-or-later
/* Which VFs a file is about. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files.h"
#include "text.h"
#include "value.h"

#define PCI_ALLOWED	"a PCI address such as \"0000:3b:02.0\", with * and ? in it if wanted"
#define MAC_ALLOWED	"an address such as \"02:00:00:00:00:01\""
#define ID_ALLOWED	"vendor and device such as \"8086:1889\""
#define INDEX_ALLOWED	"numbers from 0 to 255 such as 3, \"0-7,9\" or [0, \"4-7\"]"

static const char *const keys[] = { "pci", "pf", "vf_index", "mac", "device_id" };

/* One that never fits anything is a mistake: 0000:3b:2.0, for instance. x: a hexadecimal digit. */
static bool can_fit(const char *pattern, const char *shape)
{
	if (*pattern == '*')
		return can_fit(pattern + 1, shape) || (*shape && can_fit(pattern, shape + 1));
	if (!*pattern || !*shape)
		return *pattern == *shape;
	if (*pattern != '?' && (*shape == 'x' ? !strchr("0123456789abcdefABCDEF", *pattern) :
						*shape != *pattern))
		return false;
	return can_fit(pattern + 1, shape + 1);
}

/* Many asterisks would make a long search of it, and mean no more than one. */
static bool pci_good(const char *text)
{
	return strlen(text) <= 24 && !strstr(text, "**") &&
	       (can_fit(text, "xxxx:xx:xx.x") || can_fit(text, "xxxxx:xx:xx.x") ||
		can_fit(text, "xxxxxx:xx:xx.x") || can_fit(text, "xx:xx.x"));
}

static int wrong(const struct node *node, const char *allowed)
{
	node_wrong(node, allowed, NULL, NULL);
	return -EINVAL;
}

static int take_text(char ***list, const char *text)
{
	size_t n = 0;
	char **more;

	while (*list && (*list)[n])
		n++;
	more = realloc(*list, (n + 2) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	*list = more;
	more[n] = strdup(text);
	more[n + 1] = NULL;
	return more[n] ? 0 : -ENOMEM;
}

static int read_pci(const struct node *node, struct match *match)
{
	const char *text = node_text(node);

	if (!text || !pci_good(text))
		return wrong(node, PCI_ALLOWED);
	return take_text(&match->pci, text);
}

static int read_pf(const struct node *node, struct match *match)
{
	const char *text = node_text(node);

	if (!text || !interface_name_good(text))
		return wrong(node, INTERFACE_NAME_ALLOWED);
	return take_text(&match->pf, text);
}

static int read_mac(const struct node *node, struct match *match)
{
	const char *text = node_text(node);
	uint8_t (*more)[6], mac[6];

	if (!text || text_hex(text, strlen(text), mac, 6) != 6)
		return wrong(node, MAC_ALLOWED);
	more = realloc(match->macs, (match->num_macs + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	match->macs = more;
	memcpy(more[match->num_macs++], mac, 6);
	return 0;
}

static int read_device_id(const struct node *node, struct match *match)
{
	const char *text = node_text(node);
	unsigned int vendor, device;
	void *more;

	if (!text || strlen(text) != 9 || text[4] != ':' ||
	    strspn(text, "0123456789abcdefABCDEF") != 4 ||
	    strspn(text + 5, "0123456789abcdefABCDEF") != 4 ||
	    sscanf(text, "%4x:%4x", &vendor, &device) != 2)
		return wrong(node, ID_ALLOWED);
	more = realloc(match->ids, (match->num_ids + 1) * sizeof(*match->ids));
	if (!more)
		return -ENOMEM;
	match->ids = more;
	match->ids[match->num_ids].vendor = vendor;
	match->ids[match->num_ids++].device = device;
	return 0;
}

/* One, or an array of several of which one has to fit. */
static int each(const struct node *node, struct match *match,
		int (*read)(const struct node *node, struct match *match))
{
	struct node child = { 0 };
	int err = 0;

	if (!json_object_is_type(node->value, json_type_array))
		return read(node, match);
	if (!json_object_array_length(node->value)) {
		node_wrong(node, NULL, NULL, "an empty array would match nothing");
		return -EINVAL;
	}
	while (node_next(node, &child) && err != -ENOMEM)
		err = read(&child, match) ?: err;
	return err;
}

static int read_vf_index(const struct node *node, struct match *match)
{
	if (json_object_is_type(node->value, json_type_array) &&
	    !json_object_array_length(node->value)) {
		node_wrong(node, NULL, NULL, "an empty array would match nothing");
		return -EINVAL;
	}
	match->vf_index = calloc(1, MATCH_INDEX_MAX / 8 + 1);
	if (!match->vf_index)
		return -ENOMEM;
	return value_read_ids(node, 0, MATCH_INDEX_MAX, match->vf_index, INDEX_ALLOWED);
}

static int read_member(const struct node *node, struct match *match)
{
	if (!strcmp(node->key, "pci"))
		return each(node, match, read_pci);
	if (!strcmp(node->key, "pf"))
		return each(node, match, read_pf);
	if (!strcmp(node->key, "vf_index"))
		return read_vf_index(node, match);
	if (!strcmp(node->key, "mac"))
		return each(node, match, read_mac);
	if (!strcmp(node->key, "device_id"))
		return each(node, match, read_device_id);
	node_unknown(node, "pci, pf, vf_index, mac, device_id",
		     text_nearest(node->key, keys, sizeof(keys) / sizeof(keys[0])));
	return -EINVAL;
}

int match_read(const struct node *node, struct match *match)
{
	struct node child = { 0 };
	int err = 0;

	*match = (struct match){ 0 };
	if (!json_object_is_type(node->value, json_type_object))
		return wrong(node, "an object such as {\"pci\": \"0000:3b:02.*\"}, {} for all VFs");
	while (node_next(node, &child) && err != -ENOMEM)
		err = read_member(&child, match) ?: err;
	if (err)
		match_free(match);
	return err;
}

static void free_texts(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void match_free(struct match *match)
{
	free_texts(match->pci);
	free_texts(match->pf);
	free(match->macs);
	free(match->vf_index);
	free(match->ids);
	*match = (struct match){ 0 };
}

/* Without a domain it is 0000. */
static bool pci_fits(const char *pattern, const char *pci)
{
	if (!fnmatch(pattern, pci, FNM_NOESCAPE | FNM_CASEFOLD))
		return true;
	return !strncmp(pci, "0000:", 5) && !fnmatch(pattern, pci + 5, FNM_NOESCAPE | FNM_CASEFOLD);
}

static bool any_pci(const struct match *match, const struct vf_facts *facts)
{
	for (size_t i = 0; match->pci && match->pci[i]; i++) {
		if (*facts->pci && pci_fits(match->pci[i], facts->pci))
			return true;
	}
	return !match->pci;
}

static bool any_pf(const struct match *match, const struct vf_facts *facts)
{
	for (size_t i = 0; match->pf && match->pf[i]; i++) {
		if (!strcmp(match->pf[i], facts->pf))
			return true;
	}
	return !match->pf;
}

static bool any_mac(const struct match *match, const struct vf_facts *facts)
{
	for (uint32_t i = 0; i < match->num_macs; i++) {
		if (facts->mac_known && !memcmp(match->macs[i], facts->mac, 6))
			return true;
	}
	return !match->num_macs;
}

static bool any_id(const struct match *match, const struct vf_facts *facts)
{
	for (uint32_t i = 0; i < match->num_ids; i++) {
		if (facts->vendor && match->ids[i].vendor == facts->vendor &&
		    match->ids[i].device == facts->device)
			return true;
	}
	return !match->num_ids;
}

static bool index_fits(const struct match *match, const struct vf_facts *facts)
{
	unsigned int i = facts->vf_index;

	if (!match->vf_index)
		return true;
	return facts->vf_index >= 0 && i <= MATCH_INDEX_MAX &&
	       match->vf_index[i / 8] & 1u << i % 8;
}

bool match_fits(const struct match *match, const struct vf_facts *facts)
{
	return any_pci(match, facts) && any_pf(match, facts) && index_fits(match, facts) &&
	       any_mac(match, facts) && any_id(match, facts);
}

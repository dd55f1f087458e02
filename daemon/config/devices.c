// SPDX-License-Identifier: GPL-2.0-or-later
/* VLAN devices: nested in JSON, a flat list with "on" here. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "value.h"

#define TPID_CTAG	0x8100
#define TPID_STAG	0x88a8
#define ID_ALLOWED	"a number from 1 to 4094"
#define LEVELS		2	/* tags in a frame that a VF can have to do with */

static const char *const protocols[] = { "802.1Q", "802.1ad" };
/* The last one where devices may have devices. */
static const char *const keys[] = { "id", "protocol", "name", "mtu", "devices" };

struct list {
	struct vlan_device *devices;
	uint32_t num, room;
	enum setting setting;
};

static int read_level(const struct node *node, struct list *list, uint16_t on, unsigned int level);

static int wrong(const struct node *node, const char *allowed)
{
	node_wrong(node, allowed, NULL, NULL);
	return -EINVAL;
}

static int read_id(const struct node *node, struct vlan_device *device)
{
	int64_t id = json_object_get_int64(node->value);

	if (!json_object_is_type(node->value, json_type_int) || id < 1 || id > 4094)
		return wrong(node, ID_ALLOWED);
	device->id = id;
	return 0;
}

static int read_protocol(const struct node *node, struct vlan_device *device)
{
	const char *text = node_text(node) ?: "";

	if (strcmp(text, protocols[0]) && strcmp(text, protocols[1])) {
		node_wrong(node, "one of 802.1Q, 802.1ad", text_nearest(text, protocols, 2), NULL);
		return -EINVAL;
	}
	device->tpid = strcmp(text, protocols[0]) ? TPID_STAG : TPID_CTAG;
	return 0;
}

static int read_name(const struct node *node, struct vlan_device *device)
{
	const char *text = node_text(node);

	if (!text || !interface_name_good(text))
		return wrong(node, INTERFACE_NAME_ALLOWED);
	strcpy(device->name, text);
	return 0;
}

/* The kernel gives a VLAN device no more than what is below it has. */
static int read_mtu(const struct node *node, struct vlan_device *device)
{
	int64_t mtu = json_object_get_int64(node->value);
	char allowed[ALLOWED_SIZE];

	if (!json_object_is_type(node->value, json_type_int) || !vlan_device_mtu_good(mtu))
		return wrong(node, setting_allowed(SETTING_MTU, allowed, sizeof(allowed)));
	device->mtu = mtu;
	return 0;
}

static int read_member(const struct node *node, struct vlan_device *device, unsigned int level)
{
	size_t n = sizeof(keys) / sizeof(keys[0]) - (level == LEVELS);

	if (!strcmp(node->key, "id"))
		return read_id(node, device);
	if (!strcmp(node->key, "protocol"))
		return read_protocol(node, device);
	if (!strcmp(node->key, "name"))
		return read_name(node, device);
	if (!strcmp(node->key, "mtu"))
		return read_mtu(node, device);
	if (!strcmp(node->key, "devices") && level < LEVELS)
		return 0;	/* when the device has its place */
	node_unknown(node, level < LEVELS ? "id, protocol, name, mtu, devices" :
		     "id, protocol, name, mtu", text_nearest(node->key, keys, n));
	return -EINVAL;
}

/* Two on one device with the same tag, or two of one name, cannot be. */
static int check_double(const struct node *node, const struct list *list,
			const struct vlan_device *device)
{
	for (uint32_t i = 0; i < list->num; i++) {
		const struct vlan_device *other = &list->devices[i];

		if (other->on == device->on && other->tpid == device->tpid &&
		    other->id == device->id) {
			node_wrong(node, NULL, NULL, "a second device for the VLAN id %u",
				   device->id);
			return -EINVAL;
		}
		if (*device->name && !strcmp(other->name, device->name)) {
			node_wrong(node, NULL, NULL, "a second device with the name %s",
				   device->name);
			return -EINVAL;
		}
	}
	return 0;
}

static int read_device(const struct node *node, struct list *list, uint16_t on, unsigned int level)
{
	struct vlan_device device = { .tpid = TPID_CTAG, .on = on }, *slot;
	struct node child = { 0 };
	uint32_t mine = list->num;
	int err = 0;

	if (!json_object_is_type(node->value, json_type_object))
		return wrong(node, "an object such as {\"id\": 100}");
	while (node_next(node, &child))
		err = read_member(&child, &device, level) ?: err;
	if (err)
		return err;
	if (!device.id) {
		node_wrong(node, ID_ALLOWED, NULL, "the key \"id\" is missing");
		return -EINVAL;
	}
	err = check_double(node, list, &device);
	if (err)
		return err;
	if (mine == setting_type(list->setting)->most) {
		node_wrong(node, NULL, NULL, "more than %u devices", mine);
		return -EINVAL;
	}
	slot = text_grow((void **)&list->devices, &list->room, mine, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = device;
	list->num++;
	return node_member(node, "devices", &child) ? read_level(&child, list, mine, level + 1) : 0;
}

static int read_level(const struct node *node, struct list *list, uint16_t on, unsigned int level)
{
	char allowed[ALLOWED_SIZE];
	struct node child = { 0 };
	int err = 0, one;

	setting_allowed(list->setting, allowed, sizeof(allowed));
	if (!json_object_is_type(node->value, json_type_array))
		return wrong(node, allowed);
	while (node_next(node, &child)) {
		one = read_device(&child, list, on, level);
		if (one == -ENOMEM)
			return one;
		err = err ?: one;
	}
	return err;
}

bool vlan_device_mtu_good(int64_t mtu)
{
	const struct setting_type *type = setting_type(SETTING_MTU);

	return mtu >= type->min && mtu <= type->max;
}

static bool is_before(const struct vlan_device *a, const struct vlan_device *b)
{
	return a->tpid != b->tpid ? a->tpid < b->tpid : a->id < b->id;
}

/* Those on on, by protocol and id, each followed by its own: order in files does not count. */
static void put_sorted(const struct vlan_device *from, size_t num, uint16_t on, uint16_t to_on,
		       struct vlan_device *to, uint32_t *n)
{
	const struct vlan_device *last = NULL;

	for (;;) {
		const struct vlan_device *least = NULL;

		for (size_t i = 0; i < num; i++) {
			const struct vlan_device *one = &from[i];

			if (one->on == on && (!last || is_before(last, one)) &&
			    (!least || is_before(one, least)))
				least = one;
		}
		if (!least)
			return;
		to[*n] = *least;
		to[*n].on = to_on;
		(*n)++;
		put_sorted(from, num, least - from, *n - 1, to, n);
		last = least;
	}
}

void vlan_devices_sort(const struct vlan_device *from, size_t num, struct vlan_device *to)
{
	uint32_t n = 0;

	put_sorted(from, num, VLAN_DEVICE_ON_VF, VLAN_DEVICE_ON_VF, to, &n);
}

/* What is on one that cannot be listed cannot be, either. */
ssize_t vlan_devices_sayable(const struct vlan_device *from, size_t num, struct vlan_device *to)
{
	struct {
		uint16_t at;
		uint8_t level;		/* 0: not listed */
	} *kept = calloc(num ?: 1, sizeof(*kept));
	size_t n = 0;

	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < num && n < SETTING_DEVICES_MAX; i++) {
		bool on_vf = from[i].on == VLAN_DEVICE_ON_VF;
		unsigned int below = on_vf ? 0 : kept[from[i].on].level;

		if (!from[i].id || (*from[i].name && !interface_name_good(from[i].name)) ||
		    below == LEVELS || (!on_vf && !below))
			continue;
		kept[i].at = n;
		kept[i].level = below + 1;
		to[n] = from[i];
		if (!on_vf)
			to[n].on = kept[from[i].on].at;
		n++;
	}
	free(kept);
	return n;
}

int devices_read(const struct node *node, enum setting setting, struct setting_value *value)
{
	struct list list = { .setting = setting };
	int err = read_level(node, &list, VLAN_DEVICE_ON_VF, 1);

	if (!err && list.num) {
		value->size = list.num * sizeof(*list.devices);
		value->data = calloc(list.num, sizeof(*list.devices));
		if (!value->data)
			err = -ENOMEM;
		else
			vlan_devices_sort(list.devices, list.num, value->data);
	}
	free(list.devices);
	if (err)
		*value = (struct setting_value){ 0 };
	return err;
}

static struct json_object *level_to_json(const struct vlan_device *devices, size_t n, uint16_t on)
{
	struct json_object *array = json_object_new_array(), *one, *inner;

	for (size_t i = 0; i < n; i++) {
		if (devices[i].on != on)
			continue;
		one = json_object_new_object();
		json_object_array_add(array, one);
		json_object_object_add(one, "id", json_object_new_int(devices[i].id));
		json_object_object_add(one, "protocol", json_object_new_string(
			protocols[devices[i].tpid == TPID_STAG]));
		if (*devices[i].name)
			json_object_object_add(one, "name",
					       json_object_new_string(devices[i].name));
		if (devices[i].mtu)
			json_object_object_add(one, "mtu", json_object_new_int(devices[i].mtu));
		inner = level_to_json(devices, n, i);
		if (json_object_array_length(inner))
			json_object_object_add(one, "devices", inner);
		else
			json_object_put(inner);
	}
	return array;
}

struct json_object *devices_to_json(const struct setting_value *value)
{
	return level_to_json(value->data, value->size / sizeof(struct vlan_device),
			     VLAN_DEVICE_ON_VF);
}

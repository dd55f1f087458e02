// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration files with any content. The first byte says which kind; the rest is the text. What the position pass takes json-c
 * takes as well; what is taken is printed and read as the same; what is refused says where and why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "config/config.h"
#include "config/scan.h"
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vf_facts vfs[] = {
	{ .vf_index = -1 },
	{ .pci = "0000:3b:02.5", .pf = "ens1f0", .vf_index = 5, .mac_known = true,
	  .mac = { 2, 0, 0, 0, 0, 5 }, .vendor = 0x8086, .device = 0x1889 },
};

/* Values of a tree as the position pass counts them. */
static unsigned int count(struct json_object *value)
{
	unsigned int n = 1;

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, inner) {
			(void)key;
			n += count(inner);
		}
	}
	for (size_t i = 0; json_object_is_type(value, json_type_array) &&
			   i < json_object_array_length(value); i++)
		n += count(json_object_array_get_idx(value, i));
	return n;
}

static struct json_object *by_json_c(const char *text, size_t len, enum json_tokener_error *error)
{
	struct json_tokener *tokener = json_tokener_new_ex(CONFIG_DEPTH_MAX + 1);
	struct json_object *root;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, len + 1);
	*error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	return root;
}

/* Where values lie: in each other, in order. */
static void check_spans(const struct scan *scan, size_t len)
{
	for (uint32_t i = 0; i < scan->num; i++) {
		const struct span *span = &scan->spans[i];

		if (span->at + span->size > len || !span->size || span->next <= i ||
		    span->next > scan->num || span->key + span->key_size > len)
			fuzz_wrong("a value that is nowhere");
		for (uint32_t j = i + 1; j < span->next && j < i + 3; j++) {
			if (scan->spans[j].at <= span->at ||
			    scan->spans[j].at + scan->spans[j].size > span->at + span->size)
				fuzz_wrong("a value inside that lies outside");
		}
	}
}

/* The strings are json-c's to judge; everything else the position pass has judged. */
static void differ(const char *text, size_t len)
{
	enum json_tokener_error error;
	struct json_object *root = by_json_c(text, len, &error);
	struct scan scan;
	int err = scan_text(&scan, text, len);

	if (!err)
		check_spans(&scan, len);
	if (!err && error == json_tokener_success && count(root) > scan.num)
		fuzz_wrong("json-c has %u values, the position pass %u", count(root), scan.num);
	if (!err && error != json_tokener_success && !memchr(text, '\\', len))
		fuzz_wrong("json-c refuses what the position pass takes: %s",
			   json_tokener_error_desc(error));
	if (err == -EINVAL && (!scan.error || scan.error_at > len))
		fuzz_wrong("an error without sentence or place");
	json_object_put(root);
	free(scan.spans);
}

static void check_text(const char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			fuzz_wrong("byte %02x in a sentence", *text & 0xff);
	}
}

static void check_errors(const struct config *config, bool good)
{
	if (good != !config_num_errors(config))
		fuzz_wrong("%zu errors", config_num_errors(config));
	for (size_t i = 0; i < config_num_errors(config); i++) {
		char *text = config_error_text(config_error(config, i));

		if (!config_error(config, i)->line || !config_error(config, i)->column)
			fuzz_wrong("an error without a place: %s", text);
		check_text(text);
		free(text);
	}
}

static void each_alone(const struct vf_config *vf)
{
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		const struct setting_value *value = vf_config_get(vf, i);
		struct setting_value again;
		char why[256], *text;

		if (!value)
			continue;
		text = setting_print(i, value);
		if (setting_read(i, text, &again, why) || !setting_value_equal(value, &again))
			fuzz_wrong("%s: printed as %s it is another", setting_type(i)->path, text);
		setting_value_clear(&again);
		free(text);
	}
}

static void print_and_read(const struct vf_config *vf)
{
	char *text = vf_config_print(vf), *second, *error = NULL;
	struct vf_config *again = NULL;

	if (vf_config_read(text, strlen(text), &again, &error))
		fuzz_wrong("what was printed is not read: %s: %s", text, error);
	second = vf_config_print(again);
	if (!vf_config_equal(vf, again) || strcmp(text, second))
		fuzz_wrong("printed and read, it is another: %s, %s", text, second);
	each_alone(vf);
	free(text);
	free(second);
	vf_config_free(again);
}

static void check_vf(const struct config *config, const struct vf_facts *facts, bool good)
{
	struct vf_config *vf = config_for_vf(config, facts);

	if (!good && config_file_matches(config, 0, facts) && vf_config_valid(vf))
		fuzz_wrong("a bad file does not count");
	if (!vf_config_valid(vf))
		check_text(vf_config_reason(vf));
	print_and_read(vf);
	vf_config_free(vf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = config_new();
	char *text;
	bool good;

	if (!size) {
		config_free(config);
		return 0;
	}
	text = calloc(1, size);
	memcpy(text, data + 1, size - 1);
	differ(text, size - 1);
	good = !config_add(config, data[0] & 1 ? CONFIG_VF : CONFIG_MAIN, "f.json", text, size - 1);
	check_errors(config, good);
	for (size_t i = 0; i < sizeof(vfs) / sizeof(vfs[0]); i++)
		check_vf(config, &vfs[i], good);
	config_free(config);
	free(text);
	return 0;
}

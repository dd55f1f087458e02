// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "policy/disk.h"

static struct json_object *devices, *before;
static bool refuses;

void made_up_refusal(void)
{
	refuses = true;
}

void made_up_loss(void)
{
	json_object_put(devices);
	devices = NULL;
}

/* Its address is all that is needed of it. */
struct policy *made_up_policy(void *ctx)
{
	static char policy;

	return (struct policy *)&policy;
}

struct policy_request *policy_request_new(enum policy_verb verb)
{
	struct policy_request *request = calloc(1, sizeof(*request));

	request->verb = verb;
	return request;
}

/* The last one is enough. */
int policy_request_add(struct policy_request *request, const char *name, const char *text,
		       size_t len)
{
	if (!request->num)
		request->documents = calloc(1, sizeof(*request->documents));
	free(request->documents->text);
	request->documents->text = strndup(text, len);
	request->num = 1;
	return 0;
}

void policy_request_free(struct policy_request *request)
{
	if (request->num)
		free(request->documents->text);
	free(request->documents);
	free(request);
}

static struct json_object *member(struct json_object *json, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(json, key, &value);
	return value;
}

/* As the kernel would have them. */
static void complete(struct json_object *list)
{
	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);
		char name[32];

		snprintf(name, sizeof(name), "eth0.%d", json_object_get_int(member(one, "id")));
		if (!member(one, "protocol"))
			json_object_object_add(one, "protocol", json_object_new_string("802.1Q"));
		if (!member(one, "name"))
			json_object_object_add(one, "name", json_object_new_string(name));
	}
}

static const char *outcome(const char *word)
{
	static char text[128];

	snprintf(text, sizeof(text), "{\"schema\":\"iavf-plan/1\",\"outcome\":\"%s\",\"reason\":null,"
		 "\"checkpoint\":\"7\",\"vfs\":[]}", word);
	return text;
}

static void apply(struct policy_request *request, struct json_object *document)
{
	struct json_object *list = member(member(member(document, "config"), "vlan"), "devices");

	if (!document) {
		request->reply(request->ctx, POLICY_INVALID, "documents:1:1: this is no JSON");
		return;
	}
	if (refuses) {
		refuses = false;
		request->reply(request->ctx, POLICY_REFUSED, "the PF says no; everything is as it was before");
		return;
	}
	complete(list);
	if (json_object_equal(list, devices)) {
		request->reply(request->ctx, POLICY_OK, outcome("unchanged"));
		return;
	}
	json_object_put(before);
	before = devices;
	devices = json_object_get(list);
	request->reply(request->ctx, POLICY_OK, outcome("applied"));
}

static void describe(struct policy_request *request)
{
	char text[4096];

	snprintf(text, sizeof(text), "{\"schema\":\"iavf-vf-config/1\",\"pci\":\"%s\",\"config_valid\":true,"
		 "\"config_reason\":null,\"error\":null,\"files\":[],\"keys\":[{\"key\":\"vlan.devices\","
		 "\"live\":%s,\"applied\":%s,\"source\":\"test:1\",\"drifted\":false}]}", request->pci,
		 devices ? json_object_to_json_string(devices) : "[]",
		 devices ? json_object_to_json_string(devices) : "[]");
	request->reply(request->ctx, POLICY_OK, text);
}

static void rollback(struct policy_request *request)
{
	json_object_put(devices);
	devices = before;
	before = NULL;
	request->reply(request->ctx, POLICY_OK, outcome("rolled-back"));
}

int policy_submit(struct policy *policy, struct policy_request *request)
{
	struct json_object *document = request->num ? json_tokener_parse(request->documents->text) : NULL;

	if (request->verb == POLICY_APPLY)
		apply(request, document);
	else if (request->verb == POLICY_DESCRIBE)
		describe(request);
	else if (request->verb == POLICY_ROLLBACK)
		rollback(request);
	else if (request->verb == POLICY_CONFIRM)
		request->reply(request->ctx, POLICY_OK, outcome("confirmed"));
	else if (request->verb == POLICY_VALIDATE)
		request->reply(request->ctx, POLICY_OK, document || !request->num ?
			       "{\"schema\":\"iavf-validation/1\",\"valid\":true,\"files\":[],\"errors\":[]}" :
			       "{\"schema\":\"iavf-validation/1\",\"valid\":false,\"files\":[],\"errors\":[{\"sentence\":"
			       "\"this is no JSON\"}]}");
	else
		request->reply(request->ctx, POLICY_OK, outcome("planned"));
	json_object_put(document);
	policy_request_free(request);
	return 0;
}

void policy_forget(struct policy *policy, const void *ctx)
{
}

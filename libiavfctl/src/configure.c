// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the daemon is asked and told about the configuration. */
#include <errno.h>
#include <string.h>

#include "bus.h"

static int take_json(sd_bus_message *reply, void *data)
{
	char **json = data;
	const char *text;
	int err = sd_bus_message_read(reply, "s", &text);

	if (err < 0)
		return err;
	*json = strdup(text);
	return *json ? 0 : -ENOMEM;
}

static enum iavfctl_error ask(struct iavfctl *ctl, struct bus_question *question, char **json)
{
	*json = NULL;
	question->path = question->path ?: BUS_ROOT;
	question->interface = question->interface ?: BUS_MANAGER;
	question->verb = true;
	return bus_ask(ctl, question, take_json, json);
}

enum iavfctl_error iavfctl_validate(struct iavfctl *ctl, const struct iavfctl_document *documents,
				    size_t num, char **json)
{
	struct bus_question question = {
		.member = "Validate", .with_documents = true, .documents = documents,
		.num_documents = num,
	};

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_plan(struct iavfctl *ctl, const char *vf,
				const struct iavfctl_document *documents, size_t num, char **json)
{
	struct bus_question question = {
		.member = "Plan", .with_documents = true, .documents = documents,
		.num_documents = num, .vf = vf, .change = true,
	};

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_apply(struct iavfctl *ctl, const char *vf,
				 const struct iavfctl_document *documents, size_t num,
				 uint32_t confirm, char **json)
{
	struct bus_question question = {
		.member = "Apply", .with_documents = true, .documents = documents,
		.num_documents = num, .vf = vf, .confirm = confirm, .change = true,
	};

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_reload(struct iavfctl *ctl, char **json)
{
	struct bus_question question = { .member = "Reload", .change = true };

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_confirm(struct iavfctl *ctl, const char *checkpoint, char **json)
{
	struct bus_question question = {
		.member = "Confirm", .arguments = { checkpoint }, .change = true,
	};

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_rollback(struct iavfctl *ctl, const char *checkpoint, char **json)
{
	struct bus_question question = {
		.member = "Rollback", .arguments = { checkpoint }, .change = true,
	};

	return ask(ctl, &question, json);
}

enum iavfctl_error iavfctl_describe(struct iavfctl *ctl, const char *pci, char **json)
{
	char path[BUS_PATH_SIZE];
	struct bus_question question = {
		.path = path, .interface = BUS_VF, .member = "Describe", .change = true,
	};

	bus_path_of(pci, path);
	return ask(ctl, &question, json);
}

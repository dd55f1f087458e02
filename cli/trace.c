// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "json_out.h"
#include "pcapng.h"
#include "text.h"
#include "verbs.h"
#include "virtchnl/fields.h"
#include "virtchnl/names.h"

#define ITEMS	8	/* of a list, in a line */
#define LOST	"[messages before this one were lost] "

const char trace_help[] =
	"The messages between VFs and their PF, a line each, until interrupted; with a name only\n"
	"those of that VF. -> is to the PF, <- from it, g the generation, which counts resets.\n"
	"With -j each line is a JSON document. Messages that went by before, or faster than they\n"
	"were read, are not shown; the latter is said. Needs CAP_NET_ADMIN.\n\n"
	"What -w writes can be read with wireshark -X lua_script:iavf-mailbox.lua, see iavfctl(1).\n";

enum { WRITE, COUNT };

const struct cli_option trace_options[] = {
	[WRITE] = { "write", 'w', "FILE", NULL, "write pcapng there instead, '-' is stdout" },
	[COUNT] = { "count", 'c', "N", NULL, "leave after so many messages" },
	{ NULL, 0, NULL, NULL, NULL },
};

struct trace {
	struct cli *cli;
	char only[32];			/* PCI address; "": all */
	struct pcapng *pcapng;		/* NULL: lines */
	FILE *file;			/* what it writes to */
	bool lost;			/* since the last message in it */
	unsigned long left;		/* messages still to come; 0: no end */
};

/* Lines */

struct line {
	FILE *out;
	const char *list;		/* the list that is under way */
	unsigned int items;
};

static void end_list(struct line *line)
{
	if (line->list && line->items > ITEMS)
		fprintf(line->out, " and %u more", line->items - ITEMS);
	line->list = NULL;
	line->items = 0;
}

static void put_text(void *ctx, const struct virtchnl_field *field)
{
	struct line *line = ctx;

	if (!line->list || !field->item || line->list != field->key) {
		end_list(line);
		fprintf(line->out, "%s%s", ftell(line->out) ? ", " : "", field->key);
		line->list = field->item ? field->key : NULL;
	}
	if (field->item && ++line->items > ITEMS)
		return;
	if (field->text)
		fprintf(line->out, " %s", field->text);
	else
		fprintf(line->out, " %" PRIu64, field->number);
}

/* What is in the payload; to be freed, NULL: no memory. */
static char *fields_text(const struct iavfctl_message *message)
{
	struct line line = { .list = NULL };
	struct virtchnl_sink sink = { &line, put_text };
	char *text = NULL;
	size_t size;
	int err;

	line.out = open_memstream(&text, &size);
	if (!line.out)
		return NULL;
	err = virtchnl_fields(message->opcode, message->sent, message->payload, message->length,
			      &sink);
	end_list(&line);
	if (err)
		fprintf(line.out, "%zu bytes%s", message->length,
			err == -ENOENT ? "" : " that make no sense");
	fclose(line.out);
	return text;
}

/* PFs answer with the protocol's numbers, or with errnos of Linux. */
static const char *status_word(int32_t status)
{
	const char *word = virtchnl_status_name(status);

	if (!word && status < 0 && status > -4096)
		word = strerrorname_np(-status);
	return word ?: "refused";
}

static void put_name(FILE *out, const struct iavfctl_message *message)
{
	const char *name = virtchnl_op_name(message->opcode);

	fprintf(out, "g%" PRIu32 " %s ", message->generation, message->sent ? "->" : "<-");
	if (name)
		fputs(name, out);
	else
		fprintf(out, "opcode %" PRIu32, message->opcode);
	if (!message->sent && message->status)
		fprintf(out, " %s (%" PRId32 ")", status_word(message->status), message->status);
}

/* All but the time and the VF; to be freed. */
static char *message_text(const struct iavfctl_message *message)
{
	char *fields = fields_text(message), *text = NULL;
	size_t size;
	FILE *out = fields ? open_memstream(&text, &size) : NULL;

	if (out) {
		put_name(out, message);
		if (*fields)
			fprintf(out, " %s", fields);
		fclose(out);
	}
	free(fields);
	return text;
}

static void print_text(const struct trace *trace, const struct iavfctl_message *message)
{
	FILE *out = trace->cli->out;
	char when[32], *text;

	text_time(message->time_ns, when);
	if (message->kind == IAVFCTL_MESSAGE_LOST) {
		fprintf(out, "%s messages were lost here: more than could be read in time\n", when);
		return;
	}
	text = message_text(message);
	fprintf(out, "%s %s %s\n", when, message->pci ?: "gone", text ?: "out of memory");
	free(text);
}

/* JSON */

static void put_json(void *ctx, const struct virtchnl_field *field)
{
	struct json_object *to = ctx, *list, *value;

	value = field->text ? json_object_new_string(field->text) :
			      json_object_new_uint64(field->number);
	if (!field->item) {
		json_add(to, field->key, value);
		return;
	}
	if (!json_object_object_get_ex(to, field->key, &list)) {
		list = json_object_new_array();
		json_add(to, field->key, list);
	}
	json_object_array_add(list, value);
}

/* null: not to be read. */
static struct json_object *json_fields(const struct iavfctl_message *message)
{
	struct json_object *fields = json_object_new_object();
	struct virtchnl_sink sink = { fields, put_json };

	if (!virtchnl_fields(message->opcode, message->sent, message->payload, message->length,
			     &sink))
		return fields;
	json_object_put(fields);
	return NULL;
}

static struct json_object *json_word(const char *word)
{
	return word ? json_object_new_string(word) : NULL;
}

static void add_message(struct json_object *to, const struct iavfctl_message *message)
{
	json_add(to, "pci", json_word(message->pci));
	json_add(to, "id", json_object_new_int64(message->vf_id));
	json_add(to, "generation", json_object_new_int64(message->generation));
	json_add(to, "direction", json_word(message->sent ? "sent" : "received"));
	json_add(to, "opcode", json_object_new_int64(message->opcode));
	json_add(to, "name", json_word(virtchnl_op_name(message->opcode)));
	json_add(to, "status", message->sent ? NULL : json_object_new_int(message->status));
	json_add(to, "status_name",
		 json_word(message->sent ? NULL : virtchnl_status_name(message->status)));
	json_add(to, "length", json_object_new_uint64(message->length));
	json_add(to, "fields", json_fields(message));
}

static void print_json(const struct trace *trace, const struct iavfctl_message *message)
{
	bool lost = message->kind == IAVFCTL_MESSAGE_LOST;
	struct json_object *document = json_document();
	char when[32];

	text_time(message->time_ns, when);
	json_add(document, "time", json_object_new_string(when));
	json_add(document, "event", json_object_new_string(lost ? "lost" : "message"));
	if (!lost)
		add_message(document, message);
	json_print(trace->cli->out, document);
}

/* The file */

static int write_message(struct trace *trace, const struct iavfctl_message *message)
{
	char *text, *comment = NULL;
	int err = -1;

	if (message->kind == IAVFCTL_MESSAGE_LOST) {
		trace->lost = true;
		fputs("iavfctl: messages were lost: more than could be read in time\n",
		      trace->cli->err);
		return 0;
	}
	text = message_text(message);
	if (text && asprintf(&comment, "%s%s", trace->lost ? LOST : "", text) >= 0)
		err = pcapng_put(trace->pcapng, message, comment);
	trace->lost = false;
	free(comment);
	free(text);
	return err;
}

static bool is_wanted(const struct trace *trace, const struct iavfctl_message *message)
{
	if (!*trace->only || message->kind == IAVFCTL_MESSAGE_LOST)
		return true;
	return message->pci && !strcmp(message->pci, trace->only);
}

/* false: that was all. */
static bool put(struct trace *trace, const struct iavfctl_message *message)
{
	FILE *out = trace->pcapng ? trace->file : trace->cli->out;

	if (trace->pcapng) {
		if (write_message(trace, message))
			return false;
	} else if (trace->cli->json) {
		print_json(trace, message);
	} else {
		print_text(trace, message);
	}
	/* Somebody waits for it. A pipe that was closed is the end. */
	if (fflush(out))
		return false;
	return message->kind == IAVFCTL_MESSAGE_LOST || !trace->left || --trace->left;
}

static int follow(struct trace *trace, struct iavfctl *ctl)
{
	const struct iavfctl_message *message;
	struct iavfctl_trace *source;
	enum iavfctl_error error = iavfctl_trace_open(ctl, &source);

	if (!error && trace->pcapng)
		fflush(trace->file);
	while (!error) {
		error = iavfctl_trace_next(source, -1, &message);
		if (!error && is_wanted(trace, message) && !put(trace, message))
			break;
	}
	iavfctl_trace_close(source);
	return error ? cli_fail(trace->cli, error, "%s", iavfctl_sentence(ctl)) : 0;
}

static int follow_into(struct trace *trace, struct iavfctl *ctl, const char *path)
{
	bool ours = !strcmp(path, "-");
	int code;

	trace->file = ours ? trace->cli->out : fopen(path, "we");
	if (!trace->file)
		return cli_fail(trace->cli, IAVFCTL_FAILED, "%s: %s", path, strerror(errno));
	trace->pcapng = pcapng_new(trace->file);
	code = trace->pcapng ? follow(trace, ctl) :
			       cli_fail(trace->cli, IAVFCTL_FAILED, "out of memory");
	pcapng_free(trace->pcapng);
	if (ferror(trace->file) || (!ours && fclose(trace->file)))
		code = cli_fail(trace->cli, IAVFCTL_FAILED, "%s: cannot write all of it", path);
	return code;
}

static int choose(struct trace *trace, struct iavfctl *ctl, const char *name)
{
	struct iavfctl_vf *vf;
	enum iavfctl_error error;

	if (!name)
		return 0;
	error = iavfctl_get(ctl, name, &vf);
	if (error)
		return cli_fail(trace->cli, error, "%s", iavfctl_sentence(ctl));
	snprintf(trace->only, sizeof(trace->only), "%s", vf->pci);
	iavfctl_vf_free(vf);
	return 0;
}

/* -1: no number. */
static long count_of(const char *text)
{
	char *end;
	long count = strtol(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && count > 0 ? count : -1;
}

int verb_trace(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { [WRITE] = NULL, [COUNT] = NULL };
	struct trace trace = { .cli = cli };
	int code = cli_options_with(cli, verb, argc, argv, 0, 1, values);
	struct iavfctl *ctl;

	if (code >= 0)
		return code;
	if (values[COUNT] && count_of(values[COUNT]) < 0)
		return cli_fail(cli, IAVFCTL_USAGE, "--count %s: a number above 0", values[COUNT]);
	trace.left = values[COUNT] ? count_of(values[COUNT]) : 0;
	code = (int)cli_open(cli, &ctl);
	if (code)
		return code;
	code = choose(&trace, ctl, argv[optind]);
	if (!code)
		code = values[WRITE] ? follow_into(&trace, ctl, values[WRITE]) :
				       follow(&trace, ctl);
	iavfctl_close(ctl);
	return code;
}

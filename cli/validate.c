// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "documents.h"
#include "verbs.h"

const char validate_help[] =
	"Say what is wrong with FILE, or without one with the files of /etc/iavfd: each error with\n"
	"its line, what was found and what is needed. Nothing is changed; whether the VFs of this\n"
	"host can be so is said by 'iavfctl diff'.\n\n"
	"Exit code: 0 valid; 1 not.\n";

static void print_error(struct cli *cli, struct json_object *error)
{
	struct json_object *sentence = NULL;

	json_object_object_get_ex(error, "sentence", &sentence);
	fprintf(cli->out, "%s\n", sentence ? json_object_get_string(sentence) : "");
}

int validate_print(struct cli *cli, const char *text)
{
	struct json_object *json = json_tokener_parse(text), *errors = NULL, *valid = NULL;
	bool is_valid;

	json_object_object_get_ex(json, "valid", &valid);
	json_object_object_get_ex(json, "errors", &errors);
	is_valid = json_object_get_boolean(valid);
	if (cli->json)
		fprintf(cli->out, "%s\n", text);
	else if (json_object_is_type(errors, json_type_array))
		for (size_t i = 0; i < json_object_array_length(errors); i++)
			print_error(cli, json_object_array_get_idx(errors, i));
	if (!cli->json && is_valid)
		fputs("valid\n", cli->out);
	json_object_put(json);
	return is_valid ? 0 : IAVFCTL_FAILED;
}

char *validate_first(const char *text)
{
	struct json_object *json = json_tokener_parse(text), *errors = NULL, *sentence = NULL;
	char *first;

	json_object_object_get_ex(json, "errors", &errors);
	if (json_object_is_type(errors, json_type_array))
		json_object_object_get_ex(json_object_array_get_idx(errors, 0), "sentence", &sentence);
	first = sentence ? strdup(json_object_get_string(sentence)) : NULL;
	json_object_put(json);
	return first;
}

static int run(struct cli *cli, const struct documents *documents)
{
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json;
	int code;

	error = cli_open(cli, &ctl);
	if (error)
		return error;
	error = iavfctl_validate(ctl, documents->all, documents->num, &json);
	code = error ? cli_fail(cli, error, "%s", iavfctl_sentence(ctl)) : validate_print(cli, json);
	free(json);
	iavfctl_close(ctl);
	return code;
}

int verb_validate(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	int code = cli_options(cli, verb, argc, argv, 0, 1);
	struct documents documents;

	if (code >= 0)
		return code;
	code = documents_read(cli, argv + optind, argc - optind, &documents);
	if (code >= 0)
		return code;
	code = run(cli, &documents);
	documents_free(&documents);
	return code;
}

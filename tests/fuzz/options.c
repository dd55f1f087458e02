// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of iavfd, a word a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exit.h"
#include "core/log.h"
#include "core/options.h"
#include "program.h"

#define WORDS	32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What it prints is for people. */
static void hush(void)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	stdout = stderr = nowhere;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), *save = NULL, *argv[WORDS + 2] = { (char []) { "iavfd" } };
	FILE *out = stdout, *err = stderr;
	struct options options;
	int argc = 1, code;

	memcpy(text, data, size);
	for (char *word = strtok_r(text, "\n", &save); word && argc <= WORDS;
	     word = strtok_r(NULL, "\n", &save))
		argv[argc++] = word;
	hush();
	code = options_parse(&options, argc, argv);
	stdout = out;
	stderr = err;
	if (code != -1 && code != EXIT_CLEAN && code != EXIT_USAGE)
		fuzz_wrong("exit code %d", code);
	if (code == -1 && (options.log_level < LOG_EMERG || options.log_level > LOG_DEBUG ||
			   options.state_dir[0] != '/' || options.run_dir[0] != '/'))
		fuzz_wrong("options that make no sense");
	free(text);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules of faults, one a line: what is listed of them makes the same rules again. */
#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const char *text)
{
	struct faults *other = faults_new();
	const char *why = "";
	char listed[256];
	uint64_t hits;
	int id;

	if (faults_add(other, text, &why) < 0)
		fuzz_wrong("a listed rule is none: '%s': %s", text, why);
	if (!faults_get(other, 0, &id, listed, sizeof(listed), &hits) || strcmp(listed, text))
		fuzz_wrong("'%s' became '%s'", text, listed);
	faults_free(other);
}

static void list(struct faults *faults)
{
	char text[256];
	uint64_t hits;
	int id, last = 0;

	for (unsigned int i = 0; faults_get(faults, i, &id, text, sizeof(text), &hits); i++) {
		again(text);
		last = id;
	}
	if (last && faults_remove(faults, last))
		fuzz_wrong("the last rule is not there");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct faults *faults = faults_new();
	char *text = calloc(1, size + 1), *save = NULL;
	const char *why = "";

	memcpy(text, data, size);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		int id = faults_add(faults, line, &why);

		if (id < 0 && !*why)
			fuzz_wrong("refused without a word: '%s'", line);
		for (unsigned int op = 0; op < 4; op++)
			faults_match(faults, op & 1, op & 2, op);
	}
	list(faults);
	faults_free(faults);
	free(text);
	return 0;
}

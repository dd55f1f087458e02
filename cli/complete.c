// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the shells complete, from the table of verbs: "iavfctl --complete WORD..." prints candidates
 * for the last word. ":files" and ":hosts" leave it to the shell. The scripts in completions/ do no
 * more than ask.
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "verbs.h"

struct wanted {
	FILE *out;
	const char *before;	/* "--for=", kept in front of each candidate */
	size_t before_len;
	const char *word;	/* the beginning of it */
};

static void offer(const struct wanted *wanted, const char *word, size_t len, const char *summary)
{
	if (strlen(wanted->word) > len || strncmp(word, wanted->word, strlen(wanted->word)))
		return;
	fprintf(wanted->out, "%.*s%.*s\t%s\n", (int)wanted->before_len, wanted->before, (int)len,
		word, summary);
}

static void offer_words(const struct wanted *wanted, const char *words)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");

		offer(wanted, words, len, "");
		words += len + strspn(words + len, " ");
	}
}

/* until: the name of one that comes no more, NULL: all. */
static void offer_options(const struct wanted *wanted, const struct cli_option *options,
			  const char *until)
{
	char word[40];

	for (; options && options->name; options++) {
		if (until && !strcmp(options->name, until))
			return;
		snprintf(word, sizeof(word), "--%s", options->name);
		offer(wanted, word, strlen(word), options->summary);
		if (!options->letter || strlen(wanted->word) > 2)
			continue;
		snprintf(word, sizeof(word), "-%c", options->letter);
		offer(wanted, word, 2, options->summary);
	}
}

static void offer_verbs(const struct wanted *wanted)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		offer(wanted, verb->name, strlen(verb->name), verb->summary);
}

static void offer_vfs(const struct wanted *wanted)
{
	struct iavfctl *ctl;
	struct iavfctl_vf **vfs;
	size_t count;

	if (iavfctl_open(&ctl))
		return;
	if (!iavfctl_list(ctl, &vfs, &count)) {
		for (size_t i = 0; i < count; i++) {
			const struct iavfctl_vf *vf = vfs[i];

			offer(wanted, vf->pci, strlen(vf->pci), vf->ifname ?: text_state(vf));
			if (vf->ifname && vf->netns_is_ours)
				offer(wanted, vf->ifname, strlen(vf->ifname), vf->pci);
		}
		iavfctl_list_free(vfs, count);
	}
	iavfctl_close(ctl);
}

static const struct cli_option *option_of(const struct cli_option *options, const char *word)
{
	size_t len = strcspn(word, "=");

	for (; options && options->name; options++) {
		if (word[0] == '-' && word[1] == options->letter && !word[2] && options->letter)
			return options;
		if (!strncmp(word, "--", 2) && strlen(options->name) == len - 2 &&
		    !strncmp(word + 2, options->name, len - 2))
			return options;
	}
	return NULL;
}

static const struct cli_option *any_option(const struct verb *verb, const char *word)
{
	return option_of(verb ? verb->options : NULL, word) ?: option_of(cli_common, word);
}

static void offer_argument(const struct wanted *wanted, const struct cli_option *option)
{
	if (!strcmp(option->arg, "FILE"))
		fputs(":files\n", wanted->out);
	else if (option->letter == 'H')
		fputs(":hosts\n", wanted->out);
	else
		offer_words(wanted, option->words);
}

/* Which operand is one of the verb's words: that behind a VF in front. */
static unsigned int first_word(const struct verb *verb)
{
	return !strncmp(verb->args, "VF ", 3);
}

/* The word of args that the n-th operand is: the last again if it ends in dots. */
static void kind_of(const char *args, unsigned int n, char kind[32])
{
	size_t len = strcspn(args, " ");

	for (; n && args[len]; n--) {
		args += len + 1;
		len = strcspn(args, " ");
	}
	if (n && !memmem(args, len, "...", 3))
		len = 0;
	snprintf(kind, 32, "%.*s", (int)len, args);
}

static void offer_operand(const struct wanted *wanted, const struct verb *verb, unsigned int n,
			  bool elsewhere)
{
	char kind[32];

	kind_of(verb->args, n, kind);
	if (strstr(kind, "VF") && !elsewhere)
		offer_vfs(wanted);
	else if (strstr(kind, "FILE"))
		fputs(":files\n", wanted->out);
	else if (!strstr(kind, "VF") && n == first_word(verb))
		offer_words(wanted, verb->words);
}

/* Options that take their argument from the next word. */
static bool takes_next(const struct cli_option *option, const char *word)
{
	return option && option->arg && (*option->arg != '[' || option->letter == 'H') &&
	       !strchr(word, '=');
}

int cli_complete(struct cli *cli, int count, char **words)
{
	struct wanted wanted = { .out = cli->out, .word = count ? words[count - 1] : "" };
	const struct cli_option *option, *open = NULL;
	const struct verb *verb = NULL;
	bool elsewhere = false, only_operands = false, end;
	unsigned int operands = 0;

	for (int i = 0; i < count - 1; i++) {
		option = open || only_operands ? NULL : any_option(verb, words[i]);
		end = !open && !only_operands && !strcmp(words[i], "--");
		if (!option && !open && !end && verb)
			operands += only_operands || *words[i] != '-';
		else if (!option && !open && !verb)
			verb = verb_find(words[i]);
		only_operands = only_operands || end;
		elsewhere = elsewhere || (option && option->letter == 'H');
		open = takes_next(option, words[i]) ? option : NULL;
	}
	option = only_operands ? NULL : any_option(verb, wanted.word);
	if (!open && option && option->arg && strchr(wanted.word, '=')) {
		wanted.before = wanted.word;
		wanted.before_len = strcspn(wanted.word, "=") + 1;
		wanted.word += wanted.before_len;
		open = option;
	}
	if (open) {
		offer_argument(&wanted, open);
	} else if (*wanted.word == '-' && !only_operands) {
		offer_options(&wanted, verb ? verb->options : NULL, NULL);
		offer_options(&wanted, cli_common, verb ? "version" : NULL);
	} else if (verb) {
		offer_operand(&wanted, verb, operands, elsewhere);
	} else {
		offer_verbs(&wanted);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One text of many sections, each what some command prints. Lines that hold a secret keep only
 * their name: keys of RSS let others aim at one queue.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include <json.h>

#include "json_out.h"
#include "output.h"
#include "run.h"
#include "text.h"
#include "verbs.h"

const char report_help[] =
	"Collect what a bug report needs into one text: versions, VFs, status, doctor, the log of\n"
	"iavfd and the kernel's lines about iavf since boot, and what ethtool, ip and lspci say of the\n"
	"VFs. Read it before you send it: MAC addresses and interface names are in it; keys of RSS\n"
	"are not. As root it has more. -o - prints it; without -o it goes to a new file here.\n";

const struct cli_option report_options[] = {
	{ "output", 'o', "FILE", NULL, "there; '-' is stdout" },
	{ NULL, 0, NULL, NULL, NULL },
};

struct report {
	struct cli *cli;
	FILE *out;
	struct json_object *sections;	/* NULL: text */
};

/* One section at a time, in memory, so that its secrets can be taken out. */
struct section {
	char *text;
	size_t size;
	FILE *out;
};

/* Secrets */

#define PAIRS	16	/* "xx:xx:...": no address has so many bytes, a key has more */

static size_t hex_pairs(const char *at, const char *end)
{
	size_t pairs = 0;

	while (end - at >= 2 && isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1])) {
		pairs++;
		at += 2;
		if (at == end || *at != ':')
			break;
		at++;
	}
	return pairs;
}

/*
 * Where in the line something begins that nobody else has to know; its end when there is nothing.
 */
static const char *secret_in(const char *line, const char *end)
{
	static const char *const names[] = { "rss_key\"", "\"key\"" };

	for (const char *at = line; at < end; at++) {
		for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (!strncmp(at, names[i], strlen(names[i])))
				return at + strlen(names[i]);
		}
		if (hex_pairs(at, end) >= PAIRS)
			return at;
	}
	return end;
}

static void put_line(FILE *out, const char *line, const char *end)
{
	const char *secret = secret_in(line, end);

	fprintf(out, "%.*s%s\n", (int)(secret - line), line, secret < end ? " [hidden]" : "");
}

static void put_clean(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		put_line(out, text, text + len);
		text += len + (text[len] == '\n');
	}
}

/* Sections */

static bool begin(struct section *section)
{
	*section = (struct section){ .text = NULL };
	section->out = open_memstream(&section->text, &section->size);
	return section->out;
}

static void end(struct report *report, struct section *section, const char *title)
{
	struct json_object *one;
	char *text = NULL;
	size_t size;
	FILE *clean;

	fclose(section->out);
	clean = open_memstream(&text, &size);
	if (clean) {
		put_clean(clean, section->text);
		fclose(clean);
	}
	free(section->text);
	if (report->sections) {
		one = json_object_new_object();
		json_add(one, "title", json_object_new_string(title));
		json_add(one, "text", json_object_new_string(text ?: ""));
		json_object_array_add(report->sections, one);
	} else {
		fprintf(report->out, "== %s\n%s\n", title, text ?: "");
	}
	free(text);
}

/* What a verb of ours prints; "list -j" is one with JSON. */
static void add_verb(struct report *report, const char *name, bool json)
{
	struct section section;
	struct cli cli = *report->cli;
	const struct verb *verb = verb_find(name);
	char title[64], word[32];
	char *argv[] = { word, NULL };
	int code;

	if (!begin(&section))
		return;
	snprintf(word, sizeof(word), "%s", name);
	snprintf(title, sizeof(title), "iavfctl %s%s", json ? "-j " : "", name);
	cli.json = json;
	cli.colour = false;
	cli.out = cli.err = section.out;
	code = verb->run(&cli, verb, 1, argv);
	if (code)
		fprintf(section.out, "[exit status %d]\n", code);
	end(report, &section, title);
}

static void add_program(struct report *report, const char *const argv[RUN_WORDS])
{
	struct section section;
	char title[256];
	size_t n = 0;

	if (!begin(&section))
		return;
	for (unsigned int i = 0; argv[i]; i++)
		n += snprintf(title + n, sizeof(title) - n, "%s%s", i ? " " : "", argv[i]);
	if (!run_program(section.out, argv))
		fprintf(section.out, "[%s is not installed]\n", argv[0]);
	end(report, &section, title);
}

/* Words are separated by "|". */
static bool has_a_word(const char *line, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, "|");

		if (memmem(line, strlen(line), words, len))
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

/* Only the lines with one of the words. */
static void add_lines(struct report *report, const char *title, const char *const argv[RUN_WORDS],
		      const char *words)
{
	struct section section, all;
	char *line, *save = NULL;

	if (!begin(&all))
		return;
	if (!run_program(all.out, argv))
		fprintf(all.out, "[%s is not installed]\n", argv[0]);
	fclose(all.out);
	if (begin(&section)) {
		for (line = strtok_r(all.text, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			if (has_a_word(line, words) ||
			    (*line == '[' && has_a_word(line, "exit status|not installed]|ended:")))
				fprintf(section.out, "%s\n", line);
		}
		end(report, &section, title);
	}
	free(all.text);
}

static void add_vf(struct report *report, const struct iavfctl_vf *vf)
{
	static const char *const options[] = { "-i", "-k", "-l", "-g", "-c", "-x", "-S", NULL };

	add_program(report, (const char *const [RUN_WORDS]){
		"lspci", "-vvnn", "-s", vf->pci, NULL });
	if (!vf->ifname)
		return;
	if (!vf->netns_is_ours) {
		add_program(report, (const char *const [RUN_WORDS]){
			"echo", vf->pci, "is in another network namespace: ethtool is not asked",
			NULL });
		return;
	}
	add_program(report, (const char *const [RUN_WORDS]){
		"ip", "-d", "-s", "link", "show", "dev", vf->ifname, NULL });
	for (unsigned int i = 0; options[i]; i++)
		add_program(report, (const char *const [RUN_WORDS]){ "ethtool", options[i],
								     vf->ifname, NULL });
}

static void add_vfs(struct report *report)
{
	struct iavfctl_vf **vfs;
	struct iavfctl *ctl;
	size_t count;

	if (iavfctl_open(&ctl))
		return;
	if (!iavfctl_list(ctl, &vfs, &count)) {
		for (size_t i = 0; i < count; i++)
			add_vf(report, vfs[i]);
		iavfctl_list_free(vfs, count);
	}
	iavfctl_close(ctl);
}

static void add_all(struct report *report)
{
	add_verb(report, "version", false);
	add_verb(report, "doctor", false);
	add_verb(report, "status", false);
	add_verb(report, "list", true);
	add_verb(report, "metrics", false);
	add_program(report, (const char *const [RUN_WORDS]){ "uname", "-a", NULL });
	add_program(report, (const char *const [RUN_WORDS]){ "cat", "/etc/os-release", NULL });
	add_program(report, (const char *const [RUN_WORDS]){ "modinfo", "iavf", NULL });
	add_program(report, (const char *const [RUN_WORDS]){ "systemctl", "--no-pager", "status",
							     "iavfd", NULL });
	add_program(report, (const char *const [RUN_WORDS]){
		"journalctl", "--no-pager", "-b", "-n", "2000", "-o", "short-iso", "-u", "iavfd",
		NULL });
	add_lines(report, "dmesg, lines about iavf",
		  (const char *const [RUN_WORDS]){ "dmesg", NULL }, "iavf|IOMMU|DMAR");
	add_lines(report, "/proc/interrupts, lines about iavf",
		  (const char *const [RUN_WORDS]){ "cat", "/proc/interrupts", NULL }, "CPU0|iavf");
	add_program(report, (const char *const [RUN_WORDS]){
		"grep", "-r", ".", "/etc/iavfd", "/run/iavfd", NULL });
	add_vfs(report);
}

static void write_report(struct report *report)
{
	struct json_object *document;
	struct utsname host;
	char when[32];

	text_time(0, when);
	uname(&host);
	if (!report->cli->json) {
		fprintf(report->out, "iavf report of %s, %s\n\n", host.nodename, when);
		add_all(report);
		return;
	}
	report->sections = json_object_new_array();
	add_all(report);
	document = json_document();
	json_add(document, "time", json_object_new_string(when));
	json_add(document, "host", json_object_new_string(host.nodename));
	json_add(document, "report", report->sections);
	json_print(report->out, document);
}

static void default_name(char *name, size_t size)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(name, size, "iavf-report-%Y%m%d-%H%M%S.txt", &tm);
}

int verb_report(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct report report = { .cli = cli };
	struct output output;
	char name[64];
	const char *values[] = { name };
	int code;

	default_name(name, sizeof(name));
	code = cli_options_with(cli, verb, argc, argv, 0, 0, values);
	if (code < 0)
		code = output_open(cli, &output, values[0], 0600);
	if (code >= 0)
		return code;
	report.out = output.file;
	write_report(&report);
	code = output_close(cli, &output, 0);
	if (!code && values[0] == name)
		fprintf(cli->err, "%s\n", name);
	return code;
}

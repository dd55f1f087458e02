/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs; each lives in the file of its name. */
#ifndef IAVFCTL_VERBS_H
#define IAVFCTL_VERBS_H

#include "cli.h"

int verb_list(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_show(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_status(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_monitor(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_wait(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_reset(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_validate(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_diff(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_apply(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_confirm(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_rollback(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_reload(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_config(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_set(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_queues(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_rss(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_vlan(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_trace(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_doctor(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_report(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_metrics(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_log_level(struct cli *cli, const struct verb *verb, int argc, char **argv);
int verb_version(struct cli *cli, const struct verb *verb, int argc, char **argv);

extern const char list_help[], show_help[], status_help[], monitor_help[], wait_help[],
		  reset_help[], validate_help[], diff_help[], apply_help[], confirm_help[],
		  rollback_help[], reload_help[], config_help[], set_help[], queues_help[],
		  rss_help[], vlan_help[], trace_help[], doctor_help[], report_help[],
		  metrics_help[], log_level_help[], version_help[];
extern const struct cli_option wait_options[], reset_options[], apply_options[], set_options[],
			       trace_options[], report_options[], metrics_options[];
extern const char log_level_words[], config_words[], rss_words[], vlan_words[];

#endif

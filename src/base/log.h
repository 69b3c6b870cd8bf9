/*
 * log.h - leveled lines to standard error, one event a line.
 *
 * Libraries below cmd/ and the server.c files return errors and do not
 * log them: whoever handles an error logs it, once.  A line ends in
 * key=value fields where it has any: log_warn("refused peer=%s", peer).
 * Under systemd (JOURNAL_STREAM is set) lines carry its "<N>" prefix.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>

#include <stdbool.h>

typedef enum {
	LOG_ERROR, /* an operator must act */
	LOG_WARN,  /* something was refused, retried or given up */
	LOG_INFO,  /* start, stop, and each connection's sum */
	LOG_DEBUG, /* each command */
} LogLevel;

/*
 * Say what this process is ("http", "lmtp"), how much it says, and send
 * GLib's own messages the same way.  role must outlive the process.
 */
void log_init(const char *role, LogLevel level);

/* The level that name ("error", "warn", "info", "debug") stands for, in
 * *level.  Returns false, and leaves *level alone, if there is none. */
bool log_level_from_name(const char *name, LogLevel *level);

void log_error(const char *fmt, ...) G_GNUC_PRINTF(1, 2);
void log_warn(const char *fmt, ...) G_GNUC_PRINTF(1, 2);
void log_info(const char *fmt, ...) G_GNUC_PRINTF(1, 2);
void log_debug(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *const names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

/* What syslog(3) calls them, for systemd's journal. */
static const int priorities[] = {
    [LOG_ERROR] = 3,
    [LOG_WARN] = 4,
    [LOG_INFO] = 6,
    [LOG_DEBUG] = 7,
};

static const char *role = "felid";
static LogLevel most = LOG_INFO;
static bool journal;

/* One write a line, so that the lines of several processes stay whole. */
static void
say(LogLevel level, const char *text)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (level > most)
		return;
	if (journal)
		g_string_printf(line, "<%d>", priorities[level]);
	g_string_append_printf(
	    line, "felid[%d] %s %s: ", (int)getpid(), role, names[level]);
	for (const char *p = text; *p != '\0'; p++)
		g_string_append_c(line, g_ascii_iscntrl(*p) ? ' ' : *p);
	g_string_append_c(line, '\n');
	if (write(STDERR_FILENO, line->str, line->len) < 0)
		return; /* nobody is left to be told */
}

static GLogWriterOutput
from_glib(GLogLevelFlags flags, const GLogField *fields, gsize n_fields,
    gpointer data)
{
	(void)data;
	for (gsize i = 0; i < n_fields; i++)
		if (g_str_equal(fields[i].key, "MESSAGE"))
			say(flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)
				? LOG_ERROR
				: LOG_WARN,
			    fields[i].value);
	return G_LOG_WRITER_HANDLED;
}

void
log_init(const char *new_role, LogLevel level)
{
	static bool hooked;

	role = new_role;
	most = level;
	journal = g_getenv("JOURNAL_STREAM") != NULL;
	if (!hooked)
		g_log_set_writer_func(from_glib, NULL, NULL);
	hooked = true;
}

bool
log_level_from_name(const char *name, LogLevel *level)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_equal(names[i], name)) {
			*level = (LogLevel)i;
			return true;
		}
	return false;
}

#define SAY(level, fmt)                                                        \
	do {                                                                   \
		va_list ap;                                                    \
		g_autofree char *text = NULL;                                  \
		if ((level) > most)                                            \
			break;                                                 \
		va_start(ap, fmt);                                             \
		text = g_strdup_vprintf(fmt, ap);                              \
		va_end(ap);                                                    \
		say(level, text);                                              \
	} while (0)

void
log_error(const char *fmt, ...)
{
	SAY(LOG_ERROR, fmt);
}

void
log_warn(const char *fmt, ...)
{
	SAY(LOG_WARN, fmt);
}

void
log_info(const char *fmt, ...)
{
	SAY(LOG_INFO, fmt);
}

void
log_debug(const char *fmt, ...)
{
	SAY(LOG_DEBUG, fmt);
}

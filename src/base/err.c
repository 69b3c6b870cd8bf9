/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>

/* By hand: clang-format and cppcheck both stumble over G_DEFINE_QUARK. */
GQuark
err_quark(void)
{
	return g_quark_from_static_string("felid");
}

bool
err_set(GError **err, ErrCode code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return false;
	g_assert(*err == NULL);
	va_start(ap, fmt);
	*err = g_error_new_valist(ERR, (int)code, fmt, ap);
	va_end(ap);
	return false;
}

bool
err_set_errno(GError **err, ErrCode code, const char *fmt, ...)
{
	const char *why = g_strerror(errno);
	g_autofree char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	what = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	return err_set(err, code, "%s: %s", what, why);
}

bool
err_prefix(GError **err, const char *fmt, ...)
{
	g_autofree char *words = NULL;
	va_list ap;

	if (err == NULL || *err == NULL)
		return false;
	va_start(ap, fmt);
	words = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	g_prefix_error(err, "%s", words);
	return false;
}

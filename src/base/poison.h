/*
 * poison.h - names that may not be used.  Force-included by the build,
 * after the headers that themselves declare or define them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_POISON_H
#define BASE_POISON_H

#include <glib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* No bound: g_strlcpy, GString, g_strdup_printf. */
#pragma GCC poison strcpy strcat sprintf vsprintf stpcpy gets
/* Hidden state, or no error: g_strsplit, g_ascii_strtoll, clock_*. */
#pragma GCC poison strtok atoi atol atoll gmtime localtime asctime ctime
/* A second allocator beside GLib's. */
#pragma GCC poison strdup strndup asprintf vasprintf

#endif

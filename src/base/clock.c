/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <glib.h>

static int64_t fixed = -1;

int64_t
clock_now(void)
{
	return fixed >= 0 ? fixed : g_get_real_time() / G_USEC_PER_SEC;
}

int64_t
clock_mono_ms(void)
{
	return fixed >= 0 ? fixed * 1000 : g_get_monotonic_time() / 1000;
}

int64_t
clock_mono_us(void)
{
	return fixed >= 0 ? fixed * G_USEC_PER_SEC : g_get_monotonic_time();
}

void
clock_set(int64_t t)
{
	fixed = t;
}

/* clock.h - what time it is; settable, so that tests need not sleep. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Seconds since 1970-01-01 UTC. */
int64_t clock_now(void);

/* Milliseconds since some moment before the process began; never steps
 * back. */
int64_t clock_mono_ms(void);

/* The same in microseconds. */
int64_t clock_mono_us(void);

/* Milliseconds that this process has computed, which no other one's work
 * makes more; never settable. */
int64_t clock_cpu_ms(void);

/* From now on clock_now returns t, and clock_mono_* as much; with a negative t,
 * the machine's clocks again.  For tests. */
void clock_set(int64_t t);

#endif

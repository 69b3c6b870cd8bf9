/*
 * flight.h - the memory of connections, and of answers that are being sent.
 * Pure.
 *
 * Peers read as slowly as they like, and what they have not read yet is
 * ours to hold.  An answer gets half of what is free at most, so that the
 * fuller it is the smaller are those that still go out: large ones wait,
 * and small pages are had all the same.  A body that many are being sent is
 * held, and counted, once.  How large a page is is known once it is made: one
 * that is refused then is in the cache most times, for whoever comes again.
 * What is larger than a page is a stream, made as it is sent.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_FLIGHT_H
#define HTTP_FLIGHT_H

#include "http/response.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct Flight Flight;

/* What one peer is being sent; all zero: nothing. */
typedef struct {
	GBytes *bytes; /* or NULL */
	size_t n_stream;
	bool large; /* one that would never fit, which is not counted */
} FlightPart;

/* Room for max bytes. */
Flight *flight_new(size_t max);
void flight_free(Flight *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Flight, flight_free)

/* A connection came, or went. */
void flight_connect(Flight *f);
void flight_disconnect(Flight *f);

/*
 * Whether there is room to send r, whose body is no text, or none; *p is
 * then what it takes, until flight_end.  A body that would never fit is sent
 * beside the others, one at a time.
 */
bool flight_begin(Flight *f, const Response *r, FlightPart *p);
void flight_end(Flight *f, FlightPart *p);

/* Bytes that are held: max at most, and connections. */
size_t flight_held(const Flight *f);

#endif

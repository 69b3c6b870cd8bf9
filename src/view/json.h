/*
 * json.h - a writer of JSON (RFC 8259): one value, from its beginning to
 * its end, commas set by itself.  Texts are UTF-8; what is not becomes
 * U+FFFD.
 *
 *	json_begin(&j, out);
 *	json_object(&j);
 *	json_set(&j, "subject", text, h->subject);
 *	json_name(&j, "keys");
 *	json_array(&j);
 *	...
 *	json_end(&j);
 *	json_end(&j);
 *	json_finish(&j);
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include "view/out.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How deep objects and arrays may lie in one another: our documents have
 * six. */
#define JSON_DEPTH 16u

typedef struct {
	GString *o;
	struct {
		bool array; /* else an object */
		bool any;   /* it has a member: a comma is due */
	} open[JSON_DEPTH];
	unsigned int depth;
	bool named; /* a name was written whose value is due */
	bool done;  /* the value is whole */
} Json;

/* Begin to append a value to o; json_finish says that it is whole. */
void json_begin(Json *j, GString *o);
void json_finish(Json *j);

void json_object(Json *j);
void json_array(Json *j);
/* End the innermost of either. */
void json_end(Json *j);

/* The name of the next value, a literal that needs no escape. */
#define json_name(j, literal)                                                  \
	json_name_coded((j), "\"" literal "\":", sizeof(literal) + 2)
void json_name_coded(Json *j, const char *coded, size_t len);

/* A member of an object: its name, and which of the functions below writes
 * its value. */
#define json_set(j, literal, kind, ...)                                        \
	do {                                                                   \
		json_name((j), literal);                                       \
		json_##kind((j), __VA_ARGS__);                                 \
	} while (0)

void json_text(Json *j, const char *text); /* NULL: null */
void json_text_len(Json *j, const char *text, size_t len);
void json_num(Json *j, uint64_t n);
void json_bool(Json *j, bool b);
void json_null(Json *j);
void json_time(Json *j, int64_t t); /* as RFC 3339 has it, UTC */

/* A text in pieces.  out_url may write some of them to the GString. */
void json_open_text(Json *j);
void json_more(Json *j, const char *text);
void json_close_text(Json *j);

#endif

/*
 * query.h - what a reader asks for: text to tree, and back.  Pure.
 *
 * The language is public-inbox's with notmuch's subqueries and the names
 * that HyperKitty, mail programs and Hackorum have for the same things;
 * felid-search(7) tells it.  Nothing fails: what cannot be understood is
 * left out or taken as plain words, and a note says so and where.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_QUERY_H
#define SEARCH_QUERY_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	QUERY_ALL,       /* every message */
	QUERY_AND,       /* all of two or more children, none of them AND */
	QUERY_OR,        /* any of two or more children, none of them OR */
	QUERY_NOT,       /* what its one child, no NOT, does not match */
	QUERY_NEAR,      /* two or more TEXT children of one field: each at most
			  * distance places from the next one */
	QUERY_ADJ,       /* the same, and in this order */
	QUERY_TEXT,      /* text stands in a column of field: a word, which the
			  * tokenizer may cut into a phrase */
	QUERY_EXACT,     /* the term that document_exact makes of field's name
			  * and text */
	QUERY_DATE,      /* a time of field from from to to */
	QUERY_NUMBER,    /* a count of field from from to to */
	QUERY_THREAD,    /* all messages of threads in which its one child
			  * matches a message */
	QUERY_THREAD_ID, /* the thread that the Message-ID text is of */
	QUERY_POSTS,     /* what its one child matches, where the author has
			  * from to to messages in the thread */
} QueryKind;

/* The fields by their canonical names; query_columns tells what is text. */
typedef enum {
	QUERY_F_ANY, /* none was named */
	/* Text. */
	QUERY_F_S,
	QUERY_F_F,
	QUERY_F_T,
	QUERY_F_C,
	QUERY_F_TC,
	QUERY_F_A,
	QUERY_F_B,
	QUERY_F_BS,
	QUERY_F_NQ,
	QUERY_F_Q,
	QUERY_F_N,
	QUERY_F_DFN,
	QUERY_F_DFA,
	QUERY_F_DFB,
	QUERY_F_DFCTX,
	QUERY_F_DFHH,
	/* Exact. */
	QUERY_F_MID,   /* a Message-ID, less its brackets, as it stands */
	QUERY_F_L,     /* a list's id or a part of it, lower case */
	QUERY_F_DFPRE, /* lower-case hexadecimal digits, as these four */
	QUERY_F_DFPOST,
	QUERY_F_DFBLOB, /* dfpre or dfpost */
	QUERY_F_PATCHID,
	QUERY_F_HAS,  /* attachment, patch or html */
	QUERY_F_IS,   /* reply or root */
	QUERY_F_TYPE, /* "image/png", lower case; "image/" and prefix */
	QUERY_F_LANG, /* ISO 639's two letters, lower case */
	/* Times, seconds since the epoch. */
	QUERY_F_D,  /* the Date field's */
	QUERY_F_RT, /* when it was received */
	/* Counts. */
	QUERY_F_SIZE,         /* bytes of the message */
	QUERY_F_MESSAGES,     /* messages of its thread */
	QUERY_F_PARTICIPANTS, /* authors of its thread */
	/* The others. */
	QUERY_F_THREAD,
} QueryField;

typedef struct {
	QueryKind kind;
	QueryField field;
	bool phrase;       /* TEXT: in quotation marks, so that exact forms are
			    * asked for, in a row */
	bool prefix;       /* TEXT, EXACT: text is how the (last) word begins */
	unsigned distance; /* NEAR, ADJ */
	char *text;        /* TEXT, EXACT, THREAD_ID: valid UTF-8, of which
			    * the tokenizer may make nothing; DATE: as it was
			    * written */
	int64_t from, to;  /* both included; where open, INT64_MIN and
			    * INT64_MAX */
	GPtrArray *children; /* QueryNode; NULL where the kind has none */
} QueryNode;

/* What a note is about; what and more are its own. */
typedef enum {
	/* Left out: */
	QUERY_NOTE_QUOTE,    /* a quotation mark that nothing closes */
	QUERY_NOTE_OPEN,     /* a bracket (what) that nothing closes: it was
			      * taken to end with the query */
	QUERY_NOTE_CLOSE,    /* a bracket (what) that nothing opens */
	QUERY_NOTE_EMPTY,    /* a field or a bracket (what), nothing in it */
	QUERY_NOTE_OPERATOR, /* what, as there are not two that it can join */
	QUERY_NOTE_NEAR,   /* what (NEAR or ADJ), as there are not words of one
			      field on both sides of it */
	QUERY_NOTE_DATE,   /* what is no date */
	QUERY_NOTE_NUMBER, /* what is no number or range of them */
	QUERY_NOTE_VALUE,  /* what is nothing that field has; more: what
			    * there is, parted by ", ", or NULL */
	/* Taken as plain words: */
	QUERY_NOTE_FIELD,  /* there is no field what; more: those whose
			    * names are near, parted by ", ", or NULL */
	QUERY_NOTE_PREFIX, /* what, of which too many words begin so, or
			    * which is one star too many */
	/* Limits: */
	QUERY_NOTE_LONG,    /* what is behind is left out: too many bytes */
	QUERY_NOTE_TERMS,   /* the same: too many words */
	QUERY_NOTE_DEPTH,   /* a bracket as deep as this does not count */
	QUERY_NOTE_THREADS, /* as many threads of others as this: taken as a
			     * plain bracket */
	QUERY_NOTE_WORDS,   /* the most frequent of the words that begin like
			     * what stand for all of them; nowhere */
	/* In the end: */
	QUERY_NOTE_NOTHING, /* there is nothing to search for */
} QueryNoteKind;

typedef struct {
	QueryNoteKind kind;
	size_t at;  /* offset in the query's text */
	char *what; /* of the query, cut to a few bytes; or NULL */
	char *more; /* or NULL */
} QueryNote;

typedef struct {
	char *text;       /* valid UTF-8: what was read */
	QueryNode *root;  /* NULL where there is nothing to search for */
	GPtrArray *notes; /* QueryNote, by what came first */
} Query;

/*
 * Read len bytes of a query, of any charset and length, where now is the
 * time that dates are told by.  Never NULL.
 */
Query *query_parse(const char *text, size_t len, int64_t now);

void query_free(Query *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)

/*
 * The query that root stands for, in canonical form: parsed at the same
 * time it gives the same tree, if it is within LIMIT_QUERY_BYTES.  "" for
 * NULL.  Free with g_free.
 */
char *query_write(const QueryNode *root);

/* Whether two trees, NULL among them, are the same. */
bool query_equal(const QueryNode *a, const QueryNode *b);

/* A note in English, for programs; pages have their own.  Free with g_free. */
char *query_note_text(const QueryNote *note);

/* The canonical name of a field, without its colon; "" for QUERY_F_ANY. */
const char *query_field_name(QueryField field);

/* The columns that a field of text looks in, 1 << DocumentColumn
 * (search/document.h) each; 0 for other fields. */
unsigned query_columns(QueryField field);

#endif

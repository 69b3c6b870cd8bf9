/*
 * document.h - a message as what search indexes: a term stream
 * (search/token.h) for each column.
 *
 * Pure: the same bytes give the same streams, so that a row of an index can
 * be taken out again by making them once more.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_DOCUMENT_H
#define SEARCH_DOCUMENT_H

#include "mail/msg.h"
#include "search/stem.h"
#include "search/token.h"

#include <glib.h>

#include <stddef.h>

/*
 * Each byte of text is in one column: its name, which is that of queries, and
 * the kind of its text.  dfa and dfb are public-inbox's: the lines of the old
 * file that are gone, those of the new one.  The fullest is the first, whose
 * places FTS5 marks with no column.
 */
#define DOCUMENT_COLUMNS(COLUMN)                                               \
	COLUMN(NQ, nq, PROSE)      /* what the author wrote */                 \
	COLUMN(S, s, PROSE)        /* subject */                               \
	COLUMN(F, f, NAME)         /* From */                                  \
	COLUMN(T, t, CODE)         /* To */                                    \
	COLUMN(C, c, CODE)         /* Cc */                                    \
	COLUMN(Q, q, QUOTED)       /* what it quotes */                        \
	COLUMN(N, n, NAME)         /* names of attachments */                  \
	COLUMN(DFN, dfn, NAME)     /* of a diff: names of files */             \
	COLUMN(DFA, dfa, CODE)     /* "-" lines */                             \
	COLUMN(DFB, dfb, CODE)     /* "+" lines */                             \
	COLUMN(DFCTX, dfctx, CODE) /* the lines around them */                 \
	COLUMN(DFHH, dfhh, CODE)   /* what stands behind "@@" */               \
	COLUMN(X, x, CODE)         /* exact terms: see document_exact */

#define DOCUMENT_ENUM(id, name, kind) DOCUMENT_##id,
typedef enum {
	DOCUMENT_COLUMNS(DOCUMENT_ENUM) DOCUMENT_N_COLUMNS
} DocumentColumn;
#undef DOCUMENT_ENUM

extern const char *const document_columns[DOCUMENT_N_COLUMNS];

/* How the text of each is made to terms. */
extern const TokenKind document_kinds[DOCUMENT_N_COLUMNS];

typedef struct {
	GString *columns[DOCUMENT_N_COLUMNS];
	StemLang lang;     /* of what the author wrote, and of the subject */
	size_t text_bytes; /* of decoded text that was looked at */

	/* For document.c alone. */
	Tokenizer *tokenizer;
	GString *scratch;
	size_t n_blobs;
} Document;

/* An empty document, to be filled again and again.  Free with
 * document_free. */
Document *document_new(void);
void document_free(Document *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, document_free)

/*
 * Fill d from raw, a whole message with its header, and its outline m (of
 * parse_msg or of msg_read_outline).  Where m has the author's name and
 * address and these are not in From, which a list may have taken, the column
 * of From has them too.
 */
void document_make(Document *d, const Msg *m, GBytes *raw);

/*
 * The term of the column x for a field and its value, as a query has to look
 * for it: "FIELD:VALUE", cut short where it is long.  Free with g_free.
 *
 *	mid        Message-ID, without its brackets
 *	l          List-Id
 *	has        attachment, patch, html
 *	type       of each part: image/png
 *	dfpre, dfpost   blobs of a patch, as the patch abbreviates them:
 *	           to be looked for as a prefix
 *	patchid    git patch-id --stable
 *	is         reply, root
 *	lang       stem_code of the document's language
 *
 * mid is compared by octet, others in either case.
 */
char *document_exact(const char *field, const char *value);

#endif

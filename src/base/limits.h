/*
 * limits.h - every limit on what a peer or a message may make us do.
 *
 * One name each, with its unit and its reason.  A loop, an allocation or
 * a recursion that bytes from outside drive is bounded by one of these.
 * Those an operator may set have their default here and their key in
 * base/conf.h.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* Messages ---------------------------------------------------------- */

/* Bytes of one message: larger ones are refused (552 5.3.4). */
#define LIMIT_MESSAGE_BYTES (64u << 20)

/* Bytes of a header block that GMime is shown.  Real ones end at 60 KB. */
#define LIMIT_HEADER_BYTES (256u << 10)

/* Header fields that GMime is shown.  A million cost it 531 MB. */
#define LIMIT_HEADER_FIELDS 2000u

/*
 * Bytes of one address field, and group colons in it, that GMime is
 * shown: its address parser recurses once a group, and 2,000 groups
 * overflow 256 KB of stack.
 */
#define LIMIT_ADDRESS_BYTES (64u << 10)
#define LIMIT_ADDRESS_GROUPS 100u

/*
 * The same for all header blocks of a message together, those of its
 * parts and of messages within.  A digest of a hundred mails has 500 KB
 * and 5,000 fields.
 */
#define LIMIT_ALL_HEADER_BYTES (1u << 20)
#define LIMIT_ALL_HEADER_FIELDS 20000u

/* Boundaries that a message's header blocks declare. */
#define LIMIT_BOUNDARIES 100u

/*
 * Lines that look like a boundary, over the whole message: each may
 * become a part, and a million parts cost GMime 1.28 GB.
 */
#define LIMIT_BOUNDARY_LINES 1000u

/* Nested multiparts that are walked.  Real mail nests under ten. */
#define LIMIT_MIME_DEPTH 50u

/* Parts of one message that are listed; the rest stays in the raw one. */
#define LIMIT_PARTS 500u

/* Message-IDs of References and In-Reply-To that are kept: the first few
 * (the thread's root) and the last ones (the near ancestors). */
#define LIMIT_REFERENCES 64u
#define LIMIT_REFERENCES_FIRST 8u

/* Messages that a thread's name and the archive has not that are looked for
 * among those that were taken out, at 2 us each: real threads miss a few. */
#define LIMIT_THREAD_GONE 200u

/* Bytes of one Message-ID that is looked at as a reference. */
#define LIMIT_MESSAGE_ID_BYTES 2048u

/* Addresses of one field that count for a permalink. */
#define LIMIT_ADDRESSES 10000u

/* Bytes of a subject or a name that are kept for people to read. */
#define LIMIT_SHOWN_FIELD_BYTES 1000u

/* Bytes of a message's header that its page shows; the rest is in the raw
 * message.  Real ones end at 60 KB. */
#define LIMIT_SHOWN_HEADER_BYTES (64u << 10)

/* Octets of a link that begins an answer: some mail programs, and Windows'
 * shell before them, cut at 2,048. */
#define LIMIT_MAILTO_BYTES 2000u

/* Addresses that it goes to, and Message-IDs of its References: the thread's
 * root and the nearest.  More would leave the link no room for a text. */
#define LIMIT_ANSWER_PEOPLE 20u
#define LIMIT_ANSWER_REFERENCES 8u

/* Bytes of a text part that a page shows; the rest is a link to the part. */
#define LIMIT_SHOWN_TEXT_BYTES (512u << 10)

/* Bytes of a message above LIMIT_WHOLE_BYTES that a page looks at, and of
 * them those that it shows; the rest are links to parts. */
#define LIMIT_SHOWN_RAW_BYTES (8u << 20)
#define LIMIT_SHOWN_ALL_BYTES (1u << 20)

/* Bytes of HTML that the sanitiser reads. */
#define LIMIT_HTML_BYTES (1u << 20)

/* Blanks and quotation marks in one tag: each may begin an attribute, and
 * libxml2 compares each with all before it. */
#define LIMIT_HTML_TAG_BLANKS 1000u

/* Open elements that libxml2 keeps track of: it goes through them all at
 * an end tag that fits none. */
#define LIMIT_HTML_OPEN 500u

/* Open elements that the sanitiser keeps track of. */
#define LIMIT_HTML_DEPTH 100u

/* How to subscribe to a list: bytes of a URL, URLs of one field, and its
 * newest messages of at most so many bytes that are read for it, in less than
 * half a millisecond; so many of them have to tell it. */
#define LIMIT_WAY_BYTES 200u
#define LIMIT_WAYS 3u
#define LIMIT_WAYS_MESSAGES 8u
#define LIMIT_WAYS_MESSAGE_BYTES (256u << 10)
#define LIMIT_WAYS_ENOUGH 3u

/* How long (ms) a worker takes it as known, but for lists with fewer messages
 * than these, and for how many lists. */
#define LIMIT_WAYS_MS 60000
#define LIMIT_WAYS_FEW 100u
#define LIMIT_WAYS_LISTS 1000u

/* Attendees of an event that are named, and changes of its time zones that
 * are looked at: a zone has two, or one for each change in some decades. */
#define LIMIT_CALENDAR_PEOPLE 20u
#define LIMIT_CALENDAR_OBSERVANCES 200u

/* Mailboxes --------------------------------------------------------- */

/* Bytes of a line that may be a From line.  Real ones end at 300; ours may
 * name a Message-ID of LIMIT_MESSAGE_ID_BYTES, percent-encoded. */
#define LIMIT_FROM_LINE_BYTES 8192u

/* Bytes of what such a line of ours says behind its date. */
#define LIMIT_MBOX_NOTES_BYTES (LIMIT_FROM_LINE_BYTES - 128u)

/* The store --------------------------------------------------------- */

/* Messages of one thread whose heads are all read. */
#define LIMIT_THREAD_MESSAGES 1000u

/* Messages of one thread that are put in order, for pages of some of them:
 * 10,000 take some 30 ms, and the longest known threads have fewer. */
#define LIMIT_THREAD_ROWS 10000u

/* Messages on one page of a thread: 99 of 100 threads have fewer, and a
 * browser lays that many out in a second. */
#define LIMIT_THREAD_PAGE 200u

/* Newest messages of a list that are counted for its most active threads: a
 * third of what its page costs. */
#define LIMIT_ACTIVE_MESSAGES 1000u

/* The same of a year. */
#define LIMIT_ACTIVE_YEAR 20000u

/* Threads of one month that are sorted by author or by subject, for which
 * each is read: some 3 us. */
#define LIMIT_SORTED_THREADS 2000u

/* Addresses whose authors a transaction remembers, and those whose ids a
 * process does, each in less than a MiB. */
#define LIMIT_KNOWN_AUTHORS 4096u

/* Years of an author in a list, from his last one back: each is a look-up. */
#define LIMIT_AUTHOR_YEARS 100u

/* Authors of one thread among whom those with most messages are found. */
#define LIMIT_THREAD_AUTHORS 1000u

/* Rows of one page of an index. */
#define LIMIT_PAGE_ROWS 200u

/* Messages, and threads, of one sitemap: a fifth of what the protocol allows,
 * since they are read and written at once, in some 10 ms; and lists of one
 * index of sitemaps, so that 166 years of each fit into its 50,000. */
#define LIMIT_SITEMAP_MESSAGES 5000u
#define LIMIT_SITEMAP_LISTS 25u

/* Bytes of what lists are looked for by: names have 255 at most. */
#define LIMIT_FILTER_BYTES 255u

/* Bytes of a subject, name or address that the indexes keep. */
#define LIMIT_HEAD_TEXT_BYTES 1000u

/* Messages that one look-up of a key may offer to choose from. */
#define LIMIT_CHOICES 50u

/* Characters that the prefix of a key must have: 40 bits. */
#define LIMIT_PREFIX_MIN 8u

/*
 * Bytes of a message above which its raw bytes, its parts and its share of a
 * mailbox are read a little at a time, and what one that does so holds: a
 * window of 512 KiB, and as much again for what goes in and comes out.  (An
 * older felid may have stored it with a window of 2 MiB.)
 */
#define LIMIT_WHOLE_BYTES (1u << 20)
#define LIMIT_READER_BYTES (1u << 20)

/* Messages of one commit, and how long (ms) one import transaction may
 * hold the writer's lock while others wait for it. */
#define LIMIT_COMMIT_MESSAGES 64u
#define LIMIT_IMPORT_HOLD_MS 100u

/* How long (ms) an import leaves the lock to others between two commits,
 * who look for it every millisecond; and bytes that it reads ahead before
 * it commits them. */
#define LIMIT_IMPORT_YIELD_MS 2u
#define LIMIT_IMPORT_BYTES (8u << 20)

/* How much mail there is before dictionaries are trained, and how much of
 * its headers and of its bodies is looked at: a megabyte each takes 0.2 s
 * once and compresses mail to 0.32 of its size. */
#define LIMIT_DICT_MESSAGES 1000u
#define LIMIT_DICT_SAMPLE_BYTES (1u << 20)
#define LIMIT_DICT_BYTES (256u << 10)

/* What is looked at of mail that is imported, in LIMIT_DICT_MESSAGES messages
 * from all over it: dictionaries of these compress it to 0.28 of its size, and
 * take half a second.  Less than LIMIT_DICT_MAIL_BYTES is not worth any. */
#define LIMIT_DICT_IMPORT_BYTES (4u << 20)
#define LIMIT_DICT_MESSAGE_BYTES (32u << 10)
#define LIMIT_DICT_MAIL_BYTES (4u << 20)

/* Dictionaries that a process holds, half a megabyte each at most; there is a
 * pair for each list that was imported. */
#define LIMIT_DICTS 16u

/* LMTP -------------------------------------------------------------- */

/* How long (ms) a message may wait for others to be committed with it,
 * while those keep us busy. */
#define LIMIT_COMMIT_WAIT_MS 20

/*
 * When messages come in groups of that many, and more than so many such groups
 * came lately, they are stored before they are filed (lmtp/tray.h): until there
 * are so many of them or so many bytes, until the first has waited so long
 * (ms), or until there is a pause so long (ms).
 */
#define LIMIT_TRAY_GROUP 6u
#define LIMIT_TRAY_GROUPS 4u
#define LIMIT_TRAY_MESSAGES 2048u
#define LIMIT_TRAY_BYTES (16u << 20)
#define LIMIT_TRAY_MS 1000
#define LIMIT_TRAY_PAUSE_MS 50

/* When (ms) it is tried again to file them, where that failed. */
#define LIMIT_TRAY_RETRY_MS 1000

/* Bytes of messages that all connections together may hold. */
#define LIMIT_LMTP_HELD_BYTES (256u << 20)

/* Bytes of a command line with its CRLF.  RFC 5321 4.5.3.1.4 asks 512. */
#define LIMIT_LMTP_LINE_BYTES 4096u

/* Recipients of one transaction.  RFC 5321 4.5.3.1.8 asks 100. */
#define LIMIT_LMTP_RCPTS 1000u

/* Refused commands after which a client is told 421. */
#define LIMIT_LMTP_ERRORS 100u

/* Lines of one reply that our client reads. */
#define LIMIT_LMTP_REPLY_LINES 100u

/* Connections at once, and seconds of silence that end one.
 * RFC 5321 4.5.3.2.7 asks 5 minutes. */
#define LIMIT_LMTP_CONNECTIONS 2000u
#define LIMIT_LMTP_IDLE_S 300u

/* Pages ------------------------------------------------------------- */

/* Bytes of a page after which the rest of a thread's messages are links:
 * two hundred messages may show half a megabyte each.  What a worker holds
 * while it is read (LIMIT_IN_FLIGHT_BYTES) has room for three such. */
#define LIMIT_PAGE_BYTES (4u << 20)

/* Files of a patch that have an anchor and a line in its list: a text of
 * half a megabyte can name forty thousand. */
#define LIMIT_PATCH_FILES 500u

/* Bytes of the operator's logo and style sheet, which a browser gets once;
 * and of the header and the footer, which are in every page. */
#define LIMIT_LOOK_FILE_BYTES ((size_t)256 << 10)
#define LIMIT_LOOK_MARKUP_BYTES ((size_t)16 << 10)

/* Bytes of finished pages that a worker keeps: some 1,500 messages. */
#define LIMIT_PAGE_CACHE_BYTES (16u << 20)

/*
 * Bytes of connections, and of answers that a worker holds while peers read
 * them: some hundred threads or a thousand messages, all of different ones.
 * With connections that come once it is full, half as much again, what it
 * keeps (LIMIT_PAGE_CACHE_BYTES), 10 MiB of its own and the page that it makes
 * it has less than 64 MiB.
 */
#define LIMIT_IN_FLIGHT_BYTES (20u << 20)

/* What of that a mailbox takes that is made while it is sent, or a large
 * message: what it is read with, and of a mailbox a piece. */
#define LIMIT_STREAM_BYTES (LIMIT_READER_BYTES + (1u << 20))

/* Bytes of mail after which a piece of a mailbox is packed: what a peer that
 * reads slowly holds of our memory is that, packed, and others wait for 20 ms
 * while it is made.  Pieces twice as large are smaller by 6 % as zstd, by
 * 0.2 % as gzip. */
#define LIMIT_MBOX_PIECE_BYTES (1u << 20)

/* Mailboxes that a worker writes into its folder of kept files at once: a
 * slow peer's stay open as long as it reads. */
#define LIMIT_KEEP_OPEN 16u

/* Requests that wait at once for a mailbox to be made before they are
 * answered with a part of it: each holds a piece. */
#define LIMIT_HTTP_WORKS 16u

/* HTTP -------------------------------------------------------------- */

/* Bytes that libmicrohttpd keeps for one connection: its header and no
 * more, since it clears them after each request. */
#define LIMIT_HTTP_CONNECTION_BYTES (16u << 10)

/* Connections of one worker: half of LIMIT_IN_FLIGHT_BYTES.  As they near it,
 * those end that have been silent longest.  And seconds of silence that end
 * one. */
#define LIMIT_HTTP_CONNECTIONS 640u
#define LIMIT_HTTP_IDLE_S 30u

/* Clients whose use of a worker's time is remembered, with 24 bytes each, and
 * proxies that one request may have come through. */
#define LIMIT_CLIENTS 16384u
#define LIMIT_PROXIES 8u

/* Seconds in which a request must have come whole: libmicrohttpd's own
 * time-out begins anew at each byte. */
#define LIMIT_HTTP_REQUEST_S 20u

/* Bytes of a URL's path and query, and parameters that pages know. */
#define LIMIT_HTTP_URL_BYTES 8192u
#define LIMIT_HTTP_ARGS 32u

/* Bytes of a request's body, which is read and says nothing: tools send an
 * empty one, or a form's few fields. */
#define LIMIT_HTTP_BODY_BYTES 4096u

/* Segments of a path that is looked at for another archive's URL: theirs
 * have seven, and some more for where that archive was. */
#define LIMIT_LEGACY_SEGMENTS 16u

/* Message-IDs that one query may ask for: each is a look-up or two. */
#define LIMIT_QUERY_IDS 64u

/* What a 404 offers at most of each kind; and names of lists that are
 * compared with an unknown one, of no more bytes than these: some 2 ms. */
#define LIMIT_NEAR 5u
#define LIMIT_NEAR_NAMES 1000u
#define LIMIT_NEAR_BYTES 100u

/* Bytes of a URL in a message that is looked at for another archive's: a
 * Message-ID of which each octet is three, and where it stands; and look-ups
 * of what they name for one page, each of some 10 us. */
#define LIMIT_ELSEWHERE_BYTES 8192u
#define LIMIT_ELSEWHERE_LOOKUPS 16u

/* Languages of an Accept-Language field that are looked at. */
#define LIMIT_HTTP_LANGUAGES 32

/* Search ------------------------------------------------------------ */

/* Bytes of a term, "Z" aside: longer ones are noise. */
#define LIMIT_TERM_BYTES 64u

/* Terms of one message: FTS5 takes some 20 ms for them.  Of 100 messages 99
 * have less than 5,000. */
#define LIMIT_INDEX_TERMS 100000u

/* Bytes of its text that are looked at, for which there may be no terms: of
 * letters that cost most, some 0.2 s. */
#define LIMIT_INDEX_TEXT_BYTES (2u << 20)

/* Bytes of a text file that is attached that are looked at: the rest is most
 * often a log. */
#define LIMIT_INDEX_FILE_BYTES (64u << 10)

/* Blobs of a patch that are exact terms: a series in one message has some. */
#define LIMIT_INDEX_BLOBS 1000u

/* Bytes of an exact term: a longer Message-ID is cut. */
#define LIMIT_EXACT_BYTES 250u

/* Bytes of a query that are read: a patch's, made by a program, have two
 * thousand. */
#define LIMIT_QUERY_BYTES (16u << 10)

/* Words of a query, each of a phrase counted; and those that begin a word:
 * the index has a list for each word that begins so. */
#define LIMIT_QUERY_TERMS 500u
#define LIMIT_QUERY_PREFIXES 16u

/* Bytes that the beginning of a word must have: of one letter's words there
 * are as many as text. */
#define LIMIT_QUERY_PREFIX_BYTES 2u

/* Brackets within brackets of a query, which is read by recursion. */
#define LIMIT_QUERY_DEPTH 30u

/* Threads of what else matches that one query asks for: each is a query of
 * its own. */
#define LIMIT_QUERY_THREADS 4u

/* Places that words near each other may be apart. */
#define LIMIT_QUERY_DISTANCE 100u

/* What a query was not understood in: more are not told of; and bytes of it
 * that are named. */
#define LIMIT_QUERY_NOTES 20u
#define LIMIT_QUERY_NOTE_BYTES 60u

/* Bytes of a date in a query. */
#define LIMIT_QUERY_DATE_BYTES 100u

/* Messages, and raw bytes of them, that become one transaction of the index:
 * FTS5 takes many at a time more cheaply, and who removes one waits for it. */
#define LIMIT_FOLLOW_MESSAGES 2000u
#define LIMIT_FOLLOW_BYTES (16u << 20)

/* Documents that have a phrase, counted to tell how rare it is: 0.1 ms. */
#define LIMIT_SEARCH_COUNTED 500

/* The newest documents that fit, which are put in order, each for some 2 us;
 * the same where the newest are asked for: for what is counted. */
#define LIMIT_SEARCH_WINDOW 4000u
#define LIMIT_SEARCH_NEWEST 250u

/* Of those that are ranked, the best, of which each is looked at again: a
 * hundred take a millisecond. */
#define LIMIT_SEARCH_RANKED 100u

/* Words of a query that are looked for in those as they stand in it, and not
 * in another form, and documents that have one: 5,000 take a millisecond. */
#define LIMIT_SEARCH_EXACT 4u
#define LIMIT_SEARCH_EXACT_ROWS 5000u

/* Documents with words that begin as a prefix, from which on it stands for the
 * most frequent of those words, so many: FTS5 takes a millisecond for 8,000
 * of a prefix before the first is found, and as much to begin with 64 words. */
#define LIMIT_SEARCH_PREFIX_ROWS 10000u
#define LIMIT_SEARCH_WORDS 64u

/* Documents that are looked at for one query, which may not fit. */
#define LIMIT_SEARCH_SCANNED 50000u

/* Documents that a part of a query may find which FTS5 cannot answer alone,
 * and threads that are looked through for it. */
#define LIMIT_SEARCH_SET 20000u
#define LIMIT_SEARCH_THREADS 1000u

/* Documents whose neighbourhoods FTS5 is asked for one by one, each for some
 * 80 us; and how far apart in number two of one neighbourhood are: two
 * days. */
#define LIMIT_SEARCH_SINGLE 500u
#define LIMIT_SEARCH_GAP 32768u

/* Lists that FTS5 is told not to look into; the others' documents are found
 * and thrown away. */
#define LIMIT_SEARCH_LISTS 100u

/* Seconds by which a document's number may be later than its date: where
 * 16,384 messages are of one day. */
#define LIMIT_SEARCH_SPILL_S 2592000

/* Documents that are looked at for the best of each thread. */
#define LIMIT_SEARCH_GROUPED 1000u

/* Years, and lists and authors, that are told of with what was found. */
#define LIMIT_SEARCH_YEARS 60u
#define LIMIT_SEARCH_COUNTS 8u

/* Bytes of a passage, of what stands in it before the first word that was
 * found, of a word that it does not end within, and of a text that it is looked
 * for in; and words found in that. */
#define LIMIT_PASSAGE_BYTES 240u
#define LIMIT_PASSAGE_LEAD 60u
#define LIMIT_PASSAGE_WORD 40u
#define LIMIT_PASSAGE_TEXT_BYTES (32u << 10)
#define LIMIT_PASSAGE_HITS 1000u

/* How long a search may compute, in ms, and how many seconds until its process
 * is killed where that did not end it; how many it may take if the machine has
 * other work, or its disk is slow; and how long http waits for an answer. */
#define LIMIT_SEARCH_MS 800u
#define LIMIT_SEARCH_CPU_S 1
#define LIMIT_SEARCH_KILL_S 4u
#define LIMIT_SEARCH_WAIT_MS 5000u

/* Results on a page; and pages: as many as are put in order. */
#define LIMIT_SEARCH_ROWS 25u
#define LIMIT_SEARCH_PAGES (LIMIT_SEARCH_WINDOW / LIMIT_SEARCH_ROWS)

/* Messages that are found for one mailbox, as many as an answer has room
 * for; and messages of it, where it has their threads. */
#define LIMIT_SEARCH_MBOX 4000u
#define LIMIT_SEARCH_MBOX_ALL 50000u

/* Searches that one http process waits for. */
#define LIMIT_SEARCHES 32u

/* The spool of felid forward ----------------------------------------- */

/* Messages of the spool that are known at once; the rest waits there. */
#define LIMIT_SPOOL_MESSAGES 100000u

/* Seconds before the first retry, and at the most between two. */
#define LIMIT_RETRY_FIRST_S 1u
#define LIMIT_RETRY_MAX_S 300u

/* Messages in a row that the archive put off, after which the feeder backs
 * off as if it were down. */
#define LIMIT_FORWARD_PUT_OFF 5u

/* Seconds without mail after which the connection is closed, and in which
 * the archive must have answered: RFC 5321 4.5.3.2.6 asks 10 minutes. */
#define LIMIT_FORWARD_IDLE_S 30u
#define LIMIT_FORWARD_REPLY_S 600u

/* Seconds between two looks through the whole spool. */
#define LIMIT_FORWARD_SCAN_S 30u

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include "base/limits.h"
#include "mail/mbox.h"
#include "mail/parse.h"
#include "mail/permalink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Bytes that are read at once. */
#define CHUNK (256u << 10)

static char *opt_mbox, *opt_list;
static gboolean opt_url;

static const GOptionEntry options[] = {
    {"mbox", 0, 0, G_OPTION_ARG_FILENAME, &opt_mbox,
	"Read the mailbox FILE (\"-\": standard input)", "FILE"},
    {"url", 0, 0, G_OPTION_ARG_NONE, &opt_url,
	"Print URLs below BASE, or the configured url", NULL},
    {"list", 0, 0, G_OPTION_ARG_STRING, &opt_list, "The list of those URLs",
	"LIST-ID"},
    {0},
};

/* Write the key of that kind to out, "-" if there is none. */
static void
get_key(const Permalinks *p, KeyKind kind, char out[static KEY_LEN + 1])
{
	if (p->has[kind])
		permalink_key(p->digest[kind], out);
	else
		(void)g_strlcpy(out, "-", KEY_LEN + 1);
}

static void
print_keys(const Permalinks *p)
{
	char id[KEY_LEN + 1], originator[KEY_LEN + 1], legacy[KEY_LEN + 1];
	g_autofree char *upper = NULL;

	get_key(p, KEY_ID, id);
	get_key(p, KEY_ORIGINATOR, originator);
	get_key(p, KEY_LEGACY, legacy);
	/* As Mailman writes it. */
	upper = g_ascii_strup(legacy, -1);
	(void)printf("%s\t%s\t%s\n", id, originator, upper);
}

/* BASE/LIST-ID/KEY/ where the list is known, else BASE/KEY, which leads
 * there. */
static void
print_url(const Conf *conf, GBytes *raw, const Permalinks *p)
{
	g_autoptr(Msg) m = opt_list == NULL ? parse_msg(raw) : NULL;
	const char *list = m != NULL ? m->list_ids[0] : opt_list;
	g_autofree char *path = NULL;
	char key[KEY_LEN + 1];

	get_key(p, p->has[KEY_ID] ? KEY_ID : KEY_ORIGINATOR, key);
	if (list == NULL) {
		(void)printf("%s/%s\n", conf->url, key);
		return;
	}
	path = g_uri_escape_string(list, NULL, FALSE);
	(void)printf("%s/%s/%s/\n", conf->url, path, key);
}

static void
print_one(const Conf *conf, GBytes *raw)
{
	gsize len = 0;
	const char *msg = g_bytes_get_data(raw, &len);
	Permalinks p;

	permalink_of_header(msg != NULL ? msg : "", len, &p);
	if (opt_url)
		print_url(conf, raw, &p);
	else
		print_keys(&p);
}

static int
print_mbox(const Conf *conf, FILE *f)
{
	g_autoptr(MboxReader) r = mbox_reader_new(LIMIT_MESSAGE_BYTES);
	g_autofree char *buf = g_malloc(CHUNK);
	size_t n = 0;

	do {
		MboxMsg m;

		n = fread(buf, 1, CHUNK, f);
		if (n == 0 && ferror(f))
			return cmd_fail(&cmd_permalink, 1, "%s: %s", opt_mbox,
			    g_strerror(errno));
		mbox_reader_feed(r, buf, n);
		while (mbox_reader_next(r, &m)) {
			print_one(conf, m.raw);
			g_bytes_unref(m.raw);
		}
	} while (n > 0);
	return 0;
}

/* The message on standard input; what is behind the largest message that
 * is taken changes no key. */
static int
print_message(const Conf *conf)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *buf = g_malloc(CHUNK);
	g_autoptr(GBytes) raw = NULL;
	size_t n = 0;

	while (text->len < LIMIT_MESSAGE_BYTES &&
	       (n = fread(buf, 1, CHUNK, stdin)) > 0)
		g_string_append_len(text, buf, (gssize)n);
	if (ferror(stdin))
		return cmd_fail(
		    &cmd_permalink, 1, "standard input: %s", g_strerror(errno));
	raw = g_string_free_to_bytes(g_steal_pointer(&text));
	print_one(conf, raw);
	return 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	FILE *f = stdin;
	int status = 0;

	if (argc > (opt_url ? 2 : 1))
		return cmd_fail(&cmd_permalink, 2,
		    "takes no arguments but the base of its URLs, and there is "
		    "\"%s\"; a message is read from standard input",
		    argv[argc - 1]);
	if (argc == 2 && !conf_set(conf, "http", "url", argv[1], &err))
		return cmd_fail(&cmd_permalink, 2, "%s", err->message);
	parse_init();
	if (opt_mbox == NULL)
		return print_message(conf);
	if (strcmp(opt_mbox, "-") != 0)
		f = fopen(opt_mbox, "rbe");
	if (f == NULL)
		return cmd_fail(
		    &cmd_permalink, 1, "%s: %s", opt_mbox, g_strerror(errno));
	status = print_mbox(conf, f);
	if (f != stdin)
		(void)fclose(f);
	return status;
}

const Cmd cmd_permalink = {
    .name = "permalink",
    .args = "[BASE]",
    .summary = "Compute the permalinks of messages",
    .help =
	"Reads one message from standard input and prints, separated by\n"
	"tabs, the keys that anyone can compute from its header: the id key,\n"
	"the originator key, and the Message-ID-Hash of Mailman 3; \"-\" "
	"where\n"
	"there is none (a message without a Message-ID has two of them not).\n"
	"No archive is asked.\n"
	"\n"
	"The first key that is there is the message's permalink in an "
	"archive,\n"
	"unless another message of its list had it before.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  The URL at which a message stands, by its List-Id:\n"
	"    felid permalink --url < message.eml\n"
	"    felid permalink --url https://lists.example.org < message.eml\n"
	"\n"
	"  The keys of all messages of a mailbox:\n"
	"    felid permalink --mbox list.mbox\n"
	"\n"
	"  The id key without felid:\n"
	"    printf %s 'id@example.org' | openssl dgst -sha256 -binary |\n"
	"        base32 | tr A-Z a-z | cut -c 1-32\n",
    .options = options,
    .run = run,
};

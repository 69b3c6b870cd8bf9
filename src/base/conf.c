/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"

#include "base/err.h"

#include <gio/gio.h>

#include <stddef.h>

/* What a key's text is made into. */
typedef enum {
	TEXT,  /* char *, trimmed */
	URL,   /* char *, http or https, without its last "/" */
	WHERE, /* char *, ADDR:PORT or PATH */
	LIST,  /* char **, of WHERE */
	NETS,  /* char **, of addresses and networks, or none */
	COUNT, /* unsigned int */
	BYTES, /* uint64_t, with K, M or G */
	YESNO, /* bool */
	LEVEL, /* LogLevel */
} Kind;

typedef struct {
	const char *section, *key;
	Kind kind;
	size_t offset; /* in Conf */
	const char *value;
	uint64_t min, max; /* of the number, or of the text's length */
	const char *what;  /* for people, behind "# " */
} Key;

#define KEY(section, key, kind, field) section, key, kind, offsetof(Conf, field)
#define TEXT_MAX 1024

/* The first row is the one that "$store" in the others stands for. */
static const Key keys[] = {
    {KEY("store", "dir", TEXT, store), "/var/lib/felid", 1, TEXT_MAX,
	"The folder of the store."},
    {KEY("http", "listen", LIST, http_listen), "127.0.0.1:8025", 0, 0,
	"Where the web is served: ADDR:PORT, [ADDR6]:PORT or a socket's "
	"PATH, separated by \";\"."},
    {KEY("http", "url", URL, url), CONF_URL_DEFAULT, 0, 0,
	"The public base of permalinks."},
    {KEY("http", "workers", COUNT, http_workers), "0", 0, 64,
	"Processes that serve pages; 0: one a CPU, 4 at most."},
    {KEY("http", "client-share", COUNT, client_share), "10", 0, 100,
	"Percent of a process's time that one client may have; 0: no limit."},
    {KEY("http", "proxies", NETS, proxies), "127.0.0.1;::1", 0, 0,
	"Whose X-Forwarded-For is believed: addresses or networks."},
    {KEY("http", "unlimited", NETS, unlimited), "127.0.0.1;::1", 0, 0,
	"Clients without a limit: addresses or networks."},
    {KEY("http", "cache", BYTES, cache_bytes), "1G", 0, UINT64_C(1) << 42,
	"Bytes of packed mailboxes that are kept in the store's cache/."},
    {KEY("search", "enabled", YESNO, search), "yes", 0, 0,
	"Keep an index of all mail in the store's search/, and search it."},
    {KEY("search", "workers", COUNT, search_workers), "0", 0, 64,
	"Processes that search; 0: one a CPU, 2 at most."},
    {KEY("lmtp", "listen", LIST, lmtp_listen),
	"127.0.0.1:8026;$store/lmtp.sock", 0, 0,
	"Where mail is taken in; \"$store\" is the store's folder."},
    {KEY("lmtp", "host", TEXT, lmtp_host), "localhost", 1, 255,
	"What the archive calls itself; KEY@HOST is a recipient."},
    {KEY("lmtp", "message-size", BYTES, message_bytes), "64M", 1 << 16, 1 << 30,
	"Bytes of the largest message that is taken."},
    {KEY("lmtp", "connections", COUNT, lmtp_connections), "2000", 1, 100000,
	"Connections at once."},
    {KEY("lmtp", "idle", COUNT, lmtp_idle_s), "300", 1, 86400,
	"Seconds of silence that end a connection."},
    {KEY("archive", "open-lists", YESNO, open_lists), "no", 0, 0,
	"Make an unknown list, private, when its first mail comes."},
    {KEY("archive", "protect-addresses", YESNO, protect_addresses), "yes", 0, 0,
	"Hide mail addresses on pages from harvesters."},
    {KEY("archive", "title", TEXT, title), "Mailing list archive", 1, TEXT_MAX,
	"The archive's name on its pages."},
    {KEY("archive", "logo", TEXT, logo), "", 0, TEXT_MAX,
	"A file, SVG or PNG, shown before the title."},
    {KEY("archive", "style", TEXT, style), "", 0, TEXT_MAX,
	"A style sheet that is read after the built-in one."},
    {KEY("archive", "header", TEXT, header), "", 0, TEXT_MAX,
	"A file of HTML for the top of each page."},
    {KEY("archive", "footer", TEXT, footer), "", 0, TEXT_MAX,
	"A file of HTML for the foot of each page."},
    {KEY("forward", "spool", TEXT, spool), "/var/spool/felid", 1, TEXT_MAX,
	"The folder that the Mailman plugin fills."},
    {KEY("forward", "to", WHERE, forward), "127.0.0.1:8026", 0, 0,
	"The LMTP of the archive: ADDR:PORT or a socket's PATH."},
    {KEY("process", "user", TEXT, user), "", 0, 255,
	"Whom to run as when started by root; empty: stay root."},
    {KEY("process", "sandbox", YESNO, sandbox), "yes", 0, 0,
	"Give up rights (Landlock, seccomp) that a process does not need."},
    {KEY("process", "log", LEVEL, log_level), "info", 0, 0,
	"What is logged: error, warn, info or debug."},
};

/* A Conf and the text that each of its keys was made from. */
typedef struct {
	Conf conf;
	char *text[G_N_ELEMENTS(keys)];
} Full;

/* ADDR:PORT with a numeric address, or a path, which has a "/". */
static bool
is_where(const char *where)
{
	const char *colon = strrchr(where, ':');
	g_autofree char *addr = NULL;
	guint64 port;

	if (strchr(where, '/') != NULL)
		return true;
	if (colon == NULL ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
		return false;
	addr = g_strndup(where, (gsize)(colon - where));
	if (g_str_has_prefix(addr, "[") && g_str_has_suffix(addr, "]")) {
		addr[strlen(addr) - 1] = '\0';
		return strchr(addr, ':') != NULL &&
		       g_hostname_is_ip_address(addr + 1);
	}
	return g_str_equal(addr, "*") ||
	       (strchr(addr, ':') == NULL && g_hostname_is_ip_address(addr));
}

static bool
make_where(const char *value, char **out, GError **err)
{
	if (!is_where(value))
		return err_set(err, ERR_SYNTAX,
		    "\"%s\" is neither ADDR:PORT with a numeric address nor a "
		    "path with a \"/\" in it",
		    value);
	*out = g_strdup(value);
	return true;
}

static bool
make_list(const Full *f, const char *value, char ***out, GError **err)
{
	g_auto(GStrv) words = g_strsplit(value, ";", -1);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	for (char **w = words; *w != NULL; w++) {
		char *where = NULL;

		if (*g_strstrip(*w) == '\0')
			continue;
		if (!make_where(*w, &where, err))
			return false;
		if (g_str_has_prefix(where, "$store/")) {
			g_free(where);
			where = g_build_filename(
			    f->conf.store, *w + strlen("$store/"), NULL);
		}
		g_ptr_array_add(list, where);
	}
	if (list->len == 0)
		return err_set(err, ERR_SYNTAX, "needs one address or path");
	g_ptr_array_add(list, NULL);
	*out = (char **)g_ptr_array_steal(list, NULL);
	return true;
}

static bool
make_nets(const char *value, char ***out, GError **err)
{
	g_auto(GStrv) words = g_strsplit(value, ";", -1);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	for (char **w = words; *w != NULL; w++) {
		g_autoptr(GInetAddressMask) mask = NULL;

		if (*g_strstrip(*w) == '\0')
			continue;
		mask = g_inet_address_mask_new_from_string(*w, NULL);
		if (mask == NULL)
			return err_set(err, ERR_SYNTAX,
			    "\"%s\" is neither a numeric address nor a network "
			    "as 192.0.2.0/24",
			    *w);
		g_ptr_array_add(list, g_strdup(*w));
	}
	g_ptr_array_add(list, NULL);
	*out = (char **)g_ptr_array_steal(list, NULL);
	return true;
}

static bool
make_url(const char *value, char **out, GError **err)
{
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_ENCODED, NULL);
	size_t len = strlen(value);

	if (uri == NULL || g_uri_get_host(uri) == NULL ||
	    *g_uri_get_host(uri) == '\0' || g_uri_get_userinfo(uri) != NULL ||
	    g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL ||
	    (!g_str_equal(g_uri_get_scheme(uri), "http") &&
		!g_str_equal(g_uri_get_scheme(uri), "https")))
		return err_set(err, ERR_SYNTAX,
		    "\"%s\" is not of the form http[s]://HOST[:PORT][/PATH]",
		    value);
	while (value[len - 1] == '/')
		len--;
	*out = g_strndup(value, len);
	return true;
}

/* A number, with *unit taken off its end where it has one of K, M, G. */
static bool
make_number(const Key *k, const char *value, uint64_t *out, GError **err)
{
	static const char units[] = "KMG";
	g_autofree char *digits = g_strdup(value);
	size_t len = strlen(digits);
	const char *unit = NULL;
	unsigned int shift = 0;
	guint64 n;

	if (k->kind == BYTES && len > 1)
		unit = strchr(units, g_ascii_toupper(digits[len - 1]));
	if (unit != NULL) {
		shift = 10 * (unsigned int)(unit - units + 1);
		digits[len - 1] = '\0';
	}
	if (!g_ascii_string_to_unsigned(
		digits, 10, 0, G_MAXUINT64 >> shift, &n, NULL) ||
	    n << shift < k->min || n << shift > k->max)
		return err_set(err, ERR_SYNTAX,
		    "\"%s\" is not a number from %" G_GUINT64_FORMAT
		    " to %" G_GUINT64_FORMAT,
		    value, (guint64)k->min, (guint64)k->max);
	*out = n << shift;
	return true;
}

static bool
make_yesno(const char *value, bool *out, GError **err)
{
	bool yes = g_str_equal(value, "yes") || g_str_equal(value, "true");

	if (!yes && !g_str_equal(value, "no") && !g_str_equal(value, "false"))
		return err_set(
		    err, ERR_SYNTAX, "\"%s\" is neither yes nor no", value);
	*out = yes;
	return true;
}

static bool
make_text(const Key *k, const char *value, char **out, GError **err)
{
	size_t len = strlen(value);

	if (len < k->min)
		return err_set(err, ERR_SYNTAX, "may not be empty");
	if (len > k->max)
		return err_set(err, ERR_SYNTAX, "is longer than %u bytes",
		    (unsigned int)k->max);
	*out = g_strdup(value);
	return true;
}

static bool
make_string(const Key *k, const char *value, char **out, GError **err)
{
	if (k->kind == URL)
		return make_url(value, out, err);
	if (k->kind == WHERE)
		return make_where(value, out, err);
	return make_text(k, value, out, err);
}

static void
replace(char **field, char *taken)
{
	g_free(*field);
	*field = taken;
}

/* Make value into the field of k. */
static bool
make(Full *f, const Key *k, const char *value, GError **err)
{
	void *field = G_STRUCT_MEMBER_P(&f->conf, k->offset);
	char *text = NULL, **list = NULL;
	uint64_t n = 0;

	switch (k->kind) {
	case TEXT:
	case URL:
	case WHERE:
		if (!make_string(k, value, &text, err))
			return false;
		replace(field, text);
		return true;
	case LIST:
	case NETS:
		if (!(k->kind == LIST ? make_list(f, value, &list, err)
				      : make_nets(value, &list, err)))
			return false;
		g_strfreev(*(char ***)field);
		*(char ***)field = list;
		return true;
	case COUNT:
		if (!make_number(k, value, &n, err))
			return false;
		*(unsigned int *)field = (unsigned int)n;
		return true;
	case BYTES:
		return make_number(k, value, field, err);
	case YESNO:
		return make_yesno(value, field, err);
	case LEVEL:
		return log_level_from_name(value, field) ||
		       err_set(err, ERR_SYNTAX,
			   "\"%s\" is not one of error, warn, info, debug",
			   value);
	}
	g_assert_not_reached();
}

/* A line break, or bytes that are no UTF-8, would get into the log, and
 * into the headers of replies. */
static bool
is_printable(const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			return false;
	return g_utf8_validate(value, -1, NULL);
}

static bool
set(Full *f, size_t i, const char *untrimmed, GError **err)
{
	g_autofree char *value = g_strstrip(g_strdup(untrimmed));

	if (!is_printable(value))
		return err_set(err, ERR_SYNTAX,
		    "has a control character, or is not UTF-8");
	if (!make(f, &keys[i], value, err))
		return false;
	if (keys[i].kind == URL)
		replace(&value, g_strdup(f->conf.url));
	replace(&f->text[i], g_steal_pointer(&value));
	for (size_t j = 1; i == 0 && j < G_N_ELEMENTS(keys); j++)
		if (f->text[j] != NULL && strstr(f->text[j], "$store/"))
			if (!make(f, &keys[j], f->text[j], err))
				return false;
	return true;
}

static bool
find_section(const char *section)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].section, section))
			return true;
	return false;
}

bool
conf_set(Conf *c, const char *section, const char *key, const char *value,
    GError **err)
{
	Full *f = (Full *)c;

	if (!find_section(section))
		return err_set(
		    err, ERR_SYNTAX, "[%s]: there is no such section", section);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!g_str_equal(keys[i].section, section) ||
		    !g_str_equal(keys[i].key, key))
			continue;
		return set(f, i, value, err) ||
		       err_prefix(err, "[%s] %s: ", section, key);
	}
	return err_set(
	    err, ERR_SYNTAX, "[%s] %s: there is no such key", section, key);
}

static Conf *
conf_new(void)
{
	Full *f = g_new0(Full, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		bool ok = set(f, i, keys[i].value, NULL);

		g_assert(ok);
	}
	return &f->conf;
}

void
conf_free(Conf *c)
{
	Full *f = (Full *)c;

	if (f == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		void *field = G_STRUCT_MEMBER_P(c, keys[i].offset);

		if (keys[i].kind == LIST || keys[i].kind == NETS)
			g_strfreev(*(char ***)field);
		else if (keys[i].kind <= WHERE)
			g_free(*(char **)field);
		g_free(f->text[i]);
	}
	g_free(f);
}

/* What a line of the file begins or sets, "[SECTION]" or "[SECTION] KEY",
 * or NULL.  Free with g_free. */
static char *
name_of_line(const char *line, char **section)
{
	const char *equals = strchr(line, '=');
	g_autofree char *key = NULL;

	if (*line == '[') {
		replace(section, g_strndup(line, strcspn(line, "]") + 1));
		return g_strdup(*section);
	}
	if (*line == '#' || equals == NULL)
		return NULL;
	key = g_strchomp(g_strndup(line, (gsize)(equals - line)));
	return g_strdup_printf("%s %s", *section, key);
}

/* GKeyFile lets the last of two equal keys win and says nothing. */
static bool
check_twice(const char *text, GError **err)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *section = g_strdup("");

	for (char **l = lines; *l != NULL; l++) {
		char *name = name_of_line(g_strstrip(*l), &section);
		g_autofree char *copy = g_strdup(name);

		if (name != NULL && !g_hash_table_add(seen, name))
			return err_set(
			    err, ERR_SYNTAX, "%s: is there twice", copy);
	}
	return true;
}

/* Set each key of one section. */
static bool
set_section(Conf *c, GKeyFile *file, const char *section, GError **err)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, section, NULL, NULL);

	if (!find_section(section))
		return err_set(
		    err, ERR_SYNTAX, "[%s]: there is no such section", section);
	for (char **key = names; *key != NULL; key++) {
		g_autoptr(GError) why = NULL;
		g_autofree char *value =
		    g_key_file_get_string(file, section, *key, &why);

		if (value == NULL)
			return err_set(err, ERR_SYNTAX, "[%s] %s: %s", section,
			    *key, why->message);
		if (!conf_set(c, section, *key, value, err))
			return false;
	}
	return true;
}

static bool
set_all(Conf *c, const char *text, size_t len, GError **err)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;
	g_auto(GStrv) sections = NULL;

	/* Translations are kept, that is, told of as keys not known. */
	if (!g_key_file_load_from_data(
		file, text, len, G_KEY_FILE_KEEP_TRANSLATIONS, &why))
		return err_set(err, ERR_SYNTAX, "%s", why->message);
	if (!check_twice(text, err))
		return false;
	sections = g_key_file_get_groups(file, NULL);
	for (char **s = sections; *s != NULL; s++)
		if (!set_section(c, file, *s, err))
			return false;
	return true;
}

Conf *
conf_parse(const char *name, const char *text, size_t len, GError **err)
{
	g_autoptr(Conf) c = conf_new();
	g_autofree char *copy = g_strndup(text, len);

	if (strlen(copy) != len)
		err_set(err, ERR_SYNTAX, "has a NUL in it");
	else if (len == 0 || set_all(c, copy, len, err))
		return g_steal_pointer(&c);
	err_prefix(err, "%s: ", name);
	return NULL;
}

Conf *
conf_load(const char *path, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *text = NULL;
	gsize len = 0;
	bool missing;

	if (g_file_get_contents(
		path != NULL ? path : CONF_PATH, &text, &len, &why))
		return conf_parse(
		    path != NULL ? path : CONF_PATH, text, len, err);
	missing = g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	if (path == NULL && missing)
		return conf_new();
	err_set(err, missing ? ERR_NOTFOUND : ERR_IO, "%s", why->message);
	return NULL;
}

char *
conf_print(const Conf *c)
{
	const Full *f = (const Full *)c;
	g_autoptr(GKeyFile) escaper = g_key_file_new();
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const Key *k = &keys[i];
		g_autofree char *value = NULL;

		if (i == 0 || !g_str_equal(k->section, keys[i - 1].section))
			g_string_append_printf(
			    out, "%s[%s]\n", i == 0 ? "" : "\n", k->section);
		g_key_file_set_string(escaper, k->section, k->key, f->text[i]);
		value = g_key_file_get_value(escaper, k->section, k->key, NULL);
		g_string_append_printf(
		    out, "# %s\n%s=%s\n", k->what, k->key, value);
	}
	return g_string_free(out, FALSE);
}

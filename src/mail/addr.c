/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/addr.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* What may become an addr-spec. */
typedef struct {
	GString *text;
	size_t at; /* offset of its last "@" outside a quoted string */
	bool has_at;
} Spec;

/* One address, from behind a "," to the next. */
typedef struct {
	const char *p;
	Spec word;         /* outside brackets: the word that is read */
	Spec angle;        /* within brackets */
	GString *name;     /* outside brackets, quotes taken off */
	GString *comment;  /* the first comment */
	GPtrArray *words;  /* specs outside brackets */
	GPtrArray *angles; /* specs within */
	bool space;        /* white space was passed over before p */
	bool bracketed;    /* there were brackets */
	GPtrArray *out;    /* the Addr of the whole field */
} Scan;

static void
addr_free(gpointer data)
{
	Addr *a = data;

	g_free(a->name);
	g_free(a->spec);
	g_free(a);
}

static void
spec_clear(Spec *s)
{
	g_string_truncate(s->text, 0);
	s->has_at = false;
}

static void
spec_add(Spec *s, char c)
{
	if (c == '@') {
		s->at = s->text->len;
		s->has_at = true;
	}
	g_string_append_c(s->text, c);
}

/* Put s into specs, if it has something on both sides of its "@", and
 * begin it anew. */
static void
spec_end(Spec *s, GPtrArray *specs)
{
	if (s->has_at && s->at > 0 && s->at + 1 < s->text->len)
		g_ptr_array_add(specs, g_strndup(s->text->str, s->text->len));
	spec_clear(s);
}

/* Behind the comment at p, nested ones and quoted pairs included; one that
 * is not closed goes on to the end.  Its text goes to into, if not NULL. */
static const char *
skip_comment(const char *p, GString *into)
{
	size_t depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '(' && depth++ == 0)
			continue;
		if (*p == ')' && --depth == 0)
			return p + 1;
		if (*p == '\\' && p[1] != '\0')
			p++;
		if (into != NULL)
			g_string_append_c(into, *p);
	}
	return p;
}

/* Behind the quoted string at p, which goes to s as it stands and to name,
 * if not NULL, without its quotes.  One that is not closed goes on to the
 * end. */
static const char *
take_quoted(const char *p, Spec *s, GString *name)
{
	g_string_append_c(s->text, *p++);
	while (*p != '\0' && *p != '"') {
		if (*p == '\\' && p[1] != '\0')
			g_string_append_c(s->text, *p++);
		g_string_append_c(s->text, *p);
		if (name != NULL)
			g_string_append_c(name, *p);
		p++;
	}
	if (*p == '\0')
		return p;
	g_string_append_c(s->text, *p);
	return p + 1;
}

/*
 * Behind the brackets at sc->p.  White space and comments in them go, and
 * so does a route; "<" begins anew; a "," or ";" that is not of a route
 * ends them too.
 */
static void
take_angle(Scan *sc)
{
	Spec *s = &sc->angle;
	bool route = false;

	sc->bracketed = true;
	sc->p++;
	for (char c; (c = *sc->p) != '\0' && c != '>';) {
		route = s->text->len > 0 && s->text->str[0] == '@';
		if (c == '(') {
			sc->p = skip_comment(sc->p, NULL);
			continue;
		}
		if (c == '"') {
			sc->p = take_quoted(sc->p, s, NULL);
			continue;
		}
		if (!route && (c == ',' || c == ';'))
			break;
		if (c == '<' || (route && c == ':'))
			spec_clear(s);
		else if (!text_is_space(c))
			spec_add(s, c);
		sc->p++;
	}
	if (*sc->p == '>')
		sc->p++;
	spec_end(s, sc->angles);
}

/* "[...]" behind an "@" outside brackets: what is in it ends nothing. */
static void
take_literal(Scan *sc)
{
	char c = '\0';

	do {
		c = *sc->p++;
		if (!text_is_space(c))
			g_string_append_c(sc->word.text, c);
	} while (c != ']' && *sc->p != '\0');
}

/* Drop what stands outside brackets. */
static void
drop_words(Scan *sc)
{
	spec_clear(&sc->word);
	g_string_truncate(sc->name, 0);
	g_string_truncate(sc->comment, 0);
	g_ptr_array_set_size(sc->words, 0);
	sc->space = false;
}

/* The name of the address that sc has read, or NULL. */
static char *
find_name(const Scan *sc)
{
	g_autofree char *name = text_collapse(sc->name->str);
	g_autofree char *comment = text_collapse(sc->comment->str);

	if (sc->bracketed && name[0] != '\0')
		return g_steal_pointer(&name);
	return comment[0] != '\0' ? g_steal_pointer(&comment) : NULL;
}

/* At a "," or ";" or the end: brackets win over what stands outside. */
static void
end_address(Scan *sc)
{
	GPtrArray *specs = sc->bracketed ? sc->angles : sc->words;

	spec_end(&sc->word, sc->words);
	for (guint i = 0; i < specs->len && sc->out->len < LIMIT_ADDRESSES;
	     i++) {
		Addr *a = g_new0(Addr, 1);

		/* Not to each: it may be as long as the message. */
		a->name = i == 0 ? find_name(sc) : NULL;
		a->spec = g_strdup(g_ptr_array_index(specs, i));
		g_ptr_array_add(sc->out, a);
	}
	drop_words(sc);
	g_ptr_array_set_size(sc->angles, 0);
	sc->bracketed = false;
}

/* White space parts words, but not beside "@" or "." (RFC 5322 section
 * 4.4); c is what comes behind it. */
static void
part_words(Scan *sc, char c)
{
	const GString *word = sc->word.text;

	if (!sc->space)
		return;
	sc->space = false;
	g_string_append_c(sc->name, ' ');
	if (word->len == 0 || c == '@' || c == '.' ||
	    word->str[word->len - 1] == '@' || word->str[word->len - 1] == '.')
		return;
	spec_end(&sc->word, sc->words);
}

/* Take what stands at sc->p, outside brackets and not white space. */
static void
take_text(Scan *sc)
{
	const GString *word = sc->word.text;
	char c = *sc->p;

	part_words(sc, c);
	if (c == '"') {
		sc->p = take_quoted(sc->p, &sc->word, sc->name);
		return;
	}
	if (c == '[' && word->len > 0 && word->str[word->len - 1] == '@') {
		take_literal(sc);
		return;
	}
	spec_add(&sc->word, c);
	g_string_append_c(sc->name, c);
	sc->p++;
}

static void
scan(Scan *sc)
{
	for (char c; (c = *sc->p) != '\0';) {
		if (c == '<') {
			take_angle(sc);
			sc->space = true;
		} else if (c == '(') {
			bool first = sc->comment->len == 0;

			sc->p = skip_comment(sc->p, first ? sc->comment : NULL);
			sc->space = true;
		} else if (text_is_space(c)) {
			sc->p++;
			sc->space = true;
		} else if (c == ',' || c == ';') {
			end_address(sc);
			if (sc->out->len >= LIMIT_ADDRESSES)
				return;
			sc->p++;
		} else if (c == ':') {
			drop_words(sc);
			sc->p++;
		} else {
			take_text(sc);
		}
	}
	end_address(sc);
}

/* Pipermail writes "user at host". */
static char *
read_at(char *text)
{
	g_autoptr(GString) s = NULL;

	if (strchr(text, '@') != NULL)
		return text;
	s = g_string_new(text);
	g_free(text);
	g_string_replace(s, " at ", "@", 0);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

GPtrArray *
addr_scan(const char *value)
{
	g_autofree char *text = read_at(text_from_octets(value, strlen(value)));
	g_autoptr(GString) word = g_string_new(NULL);
	g_autoptr(GString) angle = g_string_new(NULL);
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GString) comment = g_string_new(NULL);
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) angles = g_ptr_array_new_with_free_func(g_free);
	Scan sc = {.p = text,
	    .word.text = word,
	    .angle.text = angle,
	    .name = name,
	    .comment = comment,
	    .words = words,
	    .angles = angles,
	    .out = g_ptr_array_new_with_free_func(addr_free)};

	scan(&sc);
	return sc.out;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
addr_canonical(const char *value)
{
	g_autoptr(GPtrArray) addrs = addr_scan(value);
	g_autoptr(GPtrArray) specs = g_ptr_array_new_with_free_func(g_free);
	const char *last = NULL;
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < addrs->len; i++) {
		const Addr *a = g_ptr_array_index(addrs, i);

		g_ptr_array_add(specs, g_ascii_strdown(a->spec, -1));
	}
	g_ptr_array_sort(specs, compare);
	for (guint i = 0; i < specs->len; i++) {
		const char *spec = g_ptr_array_index(specs, i);

		if (last != NULL && strcmp(spec, last) == 0)
			continue;
		if (last != NULL)
			g_string_append_c(out, ',');
		g_string_append(out, spec);
		last = spec;
	}
	return g_string_free(out, FALSE);
}

/* Hiding -------------------------------------------------------------- */

/* What an octet may be part of: a local part, a domain; or it ends the runs of
 * text that are looked at one by one. */
enum { NEITHER, LOCAL, BOTH, BOUND };
#define EIGHT(x) x, x, x, x, x, x, x, x
/* clang-format off */
static const unsigned char places[256] = {
    [0] = BOUND, ['\t'] = BOUND, BOUND, BOUND, BOUND, BOUND,
    [' '] = BOUND, LOCAL, BOUND, LOCAL, LOCAL, LOCAL, LOCAL, LOCAL,
    ['*'] = LOCAL, LOCAL, NEITHER, BOTH, BOTH, LOCAL,
    ['0'] = EIGHT(BOTH), BOTH, BOTH,
    ['<'] = BOUND, LOCAL, BOUND, LOCAL,
    ['A'] = EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), BOTH, BOTH,
    ['^'] = LOCAL, LOCAL, LOCAL,
    ['a'] = EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), BOTH, BOTH,
    ['{'] = LOCAL, LOCAL, LOCAL, LOCAL,
    [0x80] = EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH),
    EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH),
    EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH),
    EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH), EIGHT(BOTH),
};
/* clang-format on */
#undef EIGHT

static bool
is_local(char c)
{
	return places[(unsigned char)c] == LOCAL ||
	       places[(unsigned char)c] == BOTH;
}

static bool
is_domain(char c)
{
	return places[(unsigned char)c] == BOTH;
}

static bool
is_bound(char c)
{
	return places[(unsigned char)c] == BOUND;
}

/* Whether an address of the network in brackets (RFC 5321 section 4.1.3) is
 * at run[at]; *end is where the closing one is. */
static bool
is_literal(const char *run, size_t len, size_t at, size_t *end)
{
	static const char six[] = "IPv6:";
	size_t i = at + 1, n_dots = 0;
	bool v6 = len - at > sizeof six && run[at] == '[' &&
		  g_ascii_strncasecmp(run + i, six, strlen(six)) == 0;

	if (run[at] != '[')
		return false;
	i += v6 ? strlen(six) : 0;
	*end = i;
	for (; i < len &&
	       (run[i] == '.' || (v6 && run[i] == ':') ||
		   (v6 ? g_ascii_isxdigit(run[i]) : g_ascii_isdigit(run[i])));
	     i++)
		n_dots += run[i] == '.';
	if (i == len || run[i] != ']' || (v6 ? i == *end : n_dots != 3))
		return false;
	*end = i;
	return true;
}

/* addr_at, whatever stands before the "@". */
static bool
domain_at(const char *run, size_t len, size_t at, size_t *dot, size_t *end)
{
	size_t stop = at + 1;

	if (run[at] != '@' || stop == len)
		return false;
	if (is_literal(run, len, stop, end)) {
		*dot = stop + 1;
		return true;
	}
	if (!is_domain(run[stop]) || run[stop] == '.')
		return false;
	while (stop < len && is_domain(run[stop]))
		stop++;
	/* A full stop behind it is the sentence's. */
	while (run[stop - 1] == '.')
		stop--;
	*end = stop;
	*dot = at + 1;
	while (*dot < stop && run[*dot] != '.')
		(*dot)++;
	/* "s|@name@|" is where a build puts a name. */
	return *dot < stop || is_domain(run[at - 1]);
}

bool
addr_at(const char *run, size_t len, size_t at, size_t *dot, size_t *end)
{
	return at > 0 && is_local(run[at - 1]) &&
	       domain_at(run, len, at, dot, end);
}

bool
addr_behind_quote(const char *run, size_t len, size_t *dot, size_t *end)
{
	return domain_at(run, len, 0, dot, end) && *dot < *end;
}

bool
addr_closes_quote(char before)
{
	return is_local(before) && strchr("'+={`", before) == NULL;
}

/* How runs are looked at. */
typedef struct {
	bool quoted; /* a quoted local part ends before the run */
	bool whole;  /* domains in local parts are hidden, too */
} How;

/* Append the len bytes of a local part and, where whole, what it has of
 * another address: "b+jo=example.org". */
static void
append_local(GString *out, const char *local, size_t len, bool whole)
{
	const char *other = whole ? memrchr(local, '=', len) : NULL;

	if (other == NULL ||
	    memchr(other, '.', (size_t)(local + len - other)) == NULL) {
		text_append(out, local, len);
		return;
	}
	text_append(out, local, (size_t)(other + 1 - local));
	text_append(out, ADDR_ELLIPSIS, strlen(ADDR_ELLIPSIS));
}

/* Copy run to out, but hide the domain of each addr-spec in it. */
static void
hide(GString *out, const char *run, size_t len, How how)
{
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		size_t end = 0, dot = 0;

		if (!addr_at(run, len, i, &dot, &end) &&
		    !(i == 0 && how.quoted &&
			addr_behind_quote(run, len, &dot, &end)))
			continue;
		append_local(out, run + done, i - done, how.whole);
		text_append(out, ADDR_AT, strlen(ADDR_AT));
		text_append(out, run + i + 1, dot - i - 1);
		text_append(out, ADDR_ELLIPSIS, strlen(ADDR_ELLIPSIS));
		done = end;
		i = end - 1;
	}
	text_append(out, run + done, len - done);
}

/* Whether "://" is in run. */
static bool
has_host(const char *run, size_t len)
{
	const char *end = run + len, *colon = memchr(run, ':', len);

	/* Not memmem, which makes a table of 256 octets for each search. */
	for (; colon != NULL;
	     colon = memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		if (end - colon > 2 && colon[1] == '/' && colon[2] == '/')
			return true;
	return false;
}

bool
addr_is_url(const char *run, size_t len)
{
	static const char *const schemes[] = {"mid:", "cid:", "news:"};

	if (memchr(run, ':', len) == NULL)
		return false;
	if (has_host(run, len))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (len > strlen(schemes[i]) &&
		    g_ascii_strncasecmp(run, schemes[i], strlen(schemes[i])) ==
			0)
			return true;
	return false;
}

bool
addr_is_message_id(const char *run, size_t len)
{
	const char *at = memchr(run, '@', len);
	size_t n = at != NULL ? (size_t)(at - run) : 0;
	size_t n_digits = 0, n_last = 0;

	for (size_t i = 0; i < n; i++) {
		n_last = g_ascii_isdigit(run[i]) ? n_last + 1 : 0;
		n_digits += n_last > 0 ? 1 : 0;
	}
	/* People put years and dates behind their names. */
	return n >= 12 && n_digits >= 4 &&
	       !(n_last == n_digits && n_last <= 8) &&
	       g_ascii_strncasecmp(run, "mailto:", 7) != 0;
}

/* Whether line is an id field, perhaps quoted. */
static bool
is_id_field(const char *line)
{
	static const char *const names[] = {
	    "Message-ID:", "In-Reply-To:", "References:"};

	line += strspn(line, "> \t");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* The next full-width "@" from p on, or NULL. */
static const char *
find_wide(const char *p)
{
	while ((p = strchr(p, (unsigned char)ADDR_AT[0])) != NULL &&
	       strncmp(p, ADDR_AT, strlen(ADDR_AT)) != 0)
		p++;
	return p;
}

bool
addr_may_be_in(const char *text)
{
	return strchr(text, '@') != NULL || find_wide(text) != NULL;
}

void
addr_hide_wide(GString *text)
{
	g_autofree char *from = NULL;
	const char *done = NULL, *at = find_wide(text->str);

	if (at == NULL)
		return;
	done = from = g_strndup(text->str, text->len);
	at = from + (at - text->str);
	g_string_truncate(text, 0);
	while (at != NULL) {
		const char *domain = at + strlen(ADDR_AT), *end = NULL;
		const char *dot = domain;

		while (is_domain(*dot) && *dot != '.')
			dot++;
		for (end = dot; is_domain(*end);)
			end++;
		while (end > dot && end[-1] == '.')
			end--;
		if (at > done && is_local(at[-1]) && dot > domain &&
		    end > dot) {
			g_string_append_len(text, done, dot - done);
			g_string_append(text, ADDR_ELLIPSIS);
			done = end;
		}
		at = find_wide(end);
	}
	g_string_append(text, done);
}

/* Whether an address may be around the "@" at at. */
static bool
may_be(const char *text, const char *at)
{
	return at > text && (is_local(at[-1]) || at[-1] == '"') &&
	       (is_domain(at[1]) || at[1] == '[');
}

/* Whether a quoted local part ends before run. */
static bool
is_behind_quote(const char *text, const char *run)
{
	return run - text > 1 && run[-1] == '"' && addr_closes_quote(run[-2]);
}

/*
 * From one "@" to the next: most texts have few that an address could be
 * around, and a page shows megabytes of diffs with "@@" in them.
 */
static char *
protect(const char *text, bool whole)
{
	const char *done = text, *line = text, *at = strchr(text, '@');
	const char *asked = NULL; /* the line that names an id, or not */
	bool wide = find_wide(text) != NULL, names_id = false;
	GString *out = NULL;

	if (at == NULL && !wide)
		return g_strdup(text);
	out = g_string_sized_new(strlen(text) + 64);
	while (at != NULL) {
		const char *run = at, *nl = NULL;

		if (!may_be(text, at)) {
			/* Of several none has both beside it. */
			at = strchr(at + 1 + strspn(at + 1, "@"), '@');
			continue;
		}
		while (run > done && !is_bound(run[-1]))
			run--;
		nl = memrchr(done, '\n', (size_t)(run - done));
		line = nl != NULL ? nl + 1 : line;
		text_append(out, done, (size_t)(run - done));
		size_t len = 0;

		while (!is_bound(run[len]))
			len++;
		bool angle = run > text && run[-1] == '<' && run[len] == '>';

		if (angle && asked != line) {
			names_id = is_id_field(line);
			asked = line;
		}
		if ((addr_is_url(run, len) && !(whole && has_host(run, len))) ||
		    (angle && (names_id || addr_is_message_id(run, len))))
			text_append(out, run, len);
		else
			hide(out, run, len,
			    (How){is_behind_quote(text, run), whole});
		done = run + len;
		at = strchr(done, '@');
	}
	g_string_append(out, done);
	if (wide)
		addr_hide_wide(out);
	return g_string_free(out, FALSE);
}

char *
addr_protect(const char *text)
{
	return protect(text, false);
}

char *
addr_protect_header(const char *text)
{
	g_autoptr(GString) plain = g_string_new(text);

	/* As often as it was escaped, within reason. */
	g_string_replace(plain, "%2540", "%40", 0);
	g_string_replace(plain, "%40", "@", 0);
	return protect(plain->str, true);
}

/*
 * Random documents and queries.
 */
#include "tests/support/babble.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base.h"
#include "tests/support/scratch.h"

/* Forms of a few stems, and words that analysis does something to. */
static const char *const known[] = {"treaty",
                                    "treaties",
                                    "Treaty's",
                                    "nation",
                                    "nations",
                                    "national",
                                    "nationally",
                                    "agree",
                                    "agreed",
                                    "agreement",
                                    "agreements",
                                    "running",
                                    "runs",
                                    "run",
                                    "policy",
                                    "policies",
                                    "police",
                                    "arms",
                                    "arm",
                                    "armed",
                                    "café",
                                    "cafe",
                                    "CAFÉ",
                                    "naïve",
                                    "Straße",
                                    "strasse",
                                    "U.S.",
                                    "F-16",
                                    "CVE-2014-0160",
                                    "1,000.50",
                                    "2013",
                                    "7",
                                    "0",
                                    "首都",
                                    "首都圏",
                                    "安全保障",
                                    "サイバー",
                                    "한국어",
                                    "ความมั่นคง",
                                    "cyber-security",
                                    "cyber",
                                    "security",
                                    "inter-\nnational",
                                    "international",
                                    "don't",
                                    "O’Brien’s",
                                    "l'État",
                                    "_under_score_",
                                    "e\xcc\x81tude",
                                    "ﬁnal",
                                    "ＮＡＴＯ",
                                    "co\xc2\xadoperate",
                                    "§",
                                    "...",
                                    "--",
                                    "the",
                                    "of",
                                    "to",
                                    "be",
                                    "or",
                                    "not",
                                    "is",
                                    "it"};

/* Words that stand in so many documents, if there are so many. */
static const struct planted {
    const char *word;
    size_t docs;
    int first; /* the first word, once, of a document without a title */
} planted[] = {{"inone", 1, 0},
               {"intwo", 2, 0},
               {"inthree", 3, 0},
               {"infour", 4, 0},
               {"blockless", 127, 0},
               {"blockfull", 128, 0},
               {"blockmore", 129, 0},
               {"superfull", 4096, 0},
               {"supermore", 4097, 0},
               {"opener", 128, 1},
               {"everywhere", SIZE_MAX, 0}};

static uint64_t below(babble *b, uint64_t n)
{
    return scratch_below(&b->rng, n);
}

static void *must(void *p)
{
    if (!p)
        scratch_die("memory");
    return p;
}

/* ---- words -------------------------------------------------------------- */

static void invent(babble *b, char *out, size_t room)
{
    static const char *const parts[] = {"ba", "ko",  "ri", "nel", "tas", "um",
                                        "é",  "gor", "li", "sh",  "po",  "dra"};
    static const char *const ends[] = {"",    "",   "",  "s",    "ed",
                                       "ing", "ly", "s", "ness", "ation"};
    size_t len = 0;
    for (uint64_t n = 1 + below(b, 3); n > 0; n--)
        len += (size_t)snprintf(out + len, room - len, "%s",
                                parts[below(b, PC_COUNTOF(parts))]);
    (void)snprintf(out + len, room - len, "%s",
                   ends[below(b, PC_COUNTOF(ends))]);
    if (below(b, 8) == 0 && out[0] >= 'a' && out[0] <= 'z')
        out[0] = (char)(out[0] - 'a' + 'A');
}

static void make_words(babble *b)
{
    b->n_words = 20 + below(b, below(b, 3) ? 400 : 4000);
    b->words = must(calloc(b->n_words, sizeof *b->words));
    for (size_t i = 0; i < b->n_words; i++) {
        if (below(b, 3) == 0)
            (void)snprintf(b->words[i], sizeof b->words[i], "%s",
                           known[below(b, PC_COUNTOF(known))]);
        else if (below(b, 10) == 0)
            (void)snprintf(b->words[i], sizeof b->words[i], "%llu",
                           (unsigned long long)below(b, 3000));
        else
            invent(b, b->words[i], sizeof b->words[i]);
    }
}

/* The word of rank r is about 1 / r as likely as the first. */
static const char *zipf(babble *b)
{
    uint64_t top = 1;
    while (top < b->n_words && below(b, 10) != 0)
        top *= 2;
    uint64_t at = below(b, top);
    return b->words[at < b->n_words ? at : b->n_words - 1];
}

/* ---- documents ---------------------------------------------------------- */

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static void put(text *t, const char *s)
{
    size_t n = strlen(s);
    if (t->len + n + 1 > t->cap) {
        t->cap = 2 * (t->len + n + 1);
        t->ptr = must(realloc(t->ptr, t->cap));
    }
    memcpy(t->ptr + t->len, s, n + 1);
    t->len += n;
}

static void put_words(babble *b, text *t, uint64_t n)
{
    static const char *const gaps[] = {" ",   " ",  " ",   ", ",
                                       ".\n", " (", "\n\n"};
    for (; n > 0; n--) {
        put(t, zipf(b));
        put(t, gaps[below(b, PC_COUNTOF(gaps))]);
    }
}

static uint64_t random_length(babble *b, size_t longest)
{
    uint64_t most;
    switch (below(b, 20)) {
    case 0: return 0;
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7: most = 8; break;
    case 8:
    case 9: most = 400; break;
    case 10: most = below(b, 8) ? 100 : 2000; break;
    default: most = 60; break;
    }
    return below(b, (most < longest ? most : longest) + 1);
}

/* Which of the planted words document i has; `left` counts what is to be
   placed. Every document that is left has the same chance. */
static unsigned choose_planted(babble *b, size_t i, size_t left[])
{
    unsigned set = 0;
    for (size_t p = 0; p < PC_COUNTOF(planted); p++) {
        if (left[p] > 0 && below(b, b->n - i) < left[p]) {
            left[p]--;
            set |= 1u << p;
        }
    }
    return set;
}

static const char *const kinds[] = {"red", "Green", "blue", "dark blue",
                                    "Dark-Red"};

static void add_meta(babble_doc *d, const char *name, const char *fmt, ...)
    PC_PRINTF(3, 4);

static void add_meta(babble_doc *d, const char *name, const char *fmt, ...)
{
    char *value = d->values[d->meta_n];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(value, sizeof *d->values, fmt, args);
    va_end(args);
    d->meta[d->meta_n++] = (parasol_meta){name, value};
}

/* Metadata of every shape: one value for most documents, several for some,
   for few. `all`: each field, so that the index knows it. */
static void make_meta(babble *b, babble_doc *d, bool all)
{
    unsigned y = 2010 + (unsigned)below(b, 6), m = 1 + (unsigned)below(b, 12);
    switch (below(b, 4)) {
    case 0: (void)snprintf(d->date, sizeof d->date, "%u", y); break;
    case 1: (void)snprintf(d->date, sizeof d->date, "%u-%02u", y, m); break;
    default:
        (void)snprintf(d->date, sizeof d->date, "%u-%02u-%02u", y, m,
                       1 + (unsigned)below(b, 28));
    }
    if (all || below(b, 8))
        add_meta(d, "kind", "%s", kinds[below(b, PC_COUNTOF(kinds))]);
    if (all || below(b, 2))
        add_meta(d, "pages", "%u%s", (unsigned)below(b, 40),
                 below(b, 4) ? "" : ".5");
    for (uint64_t n = all ? 1 : below(b, 4); n > 0; n--)
        add_meta(d, "tag", "t%u", (unsigned)below(b, 9));
}

static void make_doc(babble *b, size_t i, size_t longest, unsigned set)
{
    babble_doc *d = &b->docs[i];
    text title = {NULL, 0, 0}, body = {NULL, 0, 0};
    bool opens = false;
    static const char *const folders[] = {"", "a/", "a/b/", "c-d/"};
    (void)snprintf(d->id, sizeof d->id, "%sdoc%zu%s",
                   folders[below(b, PC_COUNTOF(folders))], i,
                   below(b, 3) ? ".txt" : ".md");
    put(&title, "");
    put(&body, "");
    for (size_t p = 0; p < PC_COUNTOF(planted); p++) {
        if (planted[p].first && (set >> p & 1)) {
            put(&body, planted[p].word);
            put(&body, " ");
            opens = true;
        }
    }
    if (!opens && below(b, 3))
        put_words(b, &title, below(b, 8));
    uint64_t n = random_length(b, longest);
    put_words(b, &body, n / 2);
    for (size_t p = 0; p < PC_COUNTOF(planted); p++) {
        uint64_t times = below(b, 4) ? 1 : 1 + below(b, 5);
        if (planted[p].first)
            times = 0;
        for (; (set >> p & 1) && times > 0; times--) {
            put(&body, planted[p].word);
            put(&body, " ");
            put_words(b, &body, below(b, 3));
        }
    }
    put_words(b, &body, n - n / 2);
    if (below(b, b->n) < 2) {
        for (uint64_t times = 200 + below(b, 500); times > 0; times--) {
            put(&body, times % 3 ? "heavy " : "heavies ");
            put_words(b, &body, below(b, 8) == 0);
        }
    }
    d->title = title.ptr;
    d->text = body.ptr;
    make_meta(b, d, i == 0);
    naive_meta meta[BABBLE_META + 2] = {{"path", d->id}, {"date", d->date}};
    for (size_t k = 0; k < d->meta_n; k++)
        meta[k + 2] = (naive_meta){d->meta[k].name, d->meta[k].value};
    naive_add(b->oracle, d->title, d->text, meta, d->meta_n + 2);
}

void babble_make(babble *b, uint64_t seed, size_t docs, size_t longest)
{
    size_t left[PC_COUNTOF(planted)];
    *b = (babble){.rng = seed, .n = docs};
    b->oracle = naive_new();
    b->docs = must(calloc(docs ? docs : 1, sizeof *b->docs));
    make_words(b);
    for (size_t p = 0; p < PC_COUNTOF(planted); p++) {
        left[p] = planted[p].docs <= docs ? planted[p].docs : 0;
        if (planted[p].docs == SIZE_MAX)
            left[p] = docs;
    }
    for (size_t i = 0; i < docs; i++)
        make_doc(b, i, longest, choose_planted(b, i, left));
}

void babble_release(babble *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->docs[i].title);
        free(b->docs[i].text);
    }
    free(b->docs);
    free(b->words);
    naive_free(b->oracle);
}

void babble_index(const babble *b, const char *path, uint64_t segment_docs)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.segment_docs = segment_docs;
    int rc = parasol_indexer_open(&w, path, &o, &err);
    for (size_t i = 0; i < b->n && !rc; i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        doc.id = b->docs[i].id;
        doc.title = b->docs[i].title;
        doc.text = b->docs[i].text;
        doc.text_len = strlen(doc.text);
        doc.date = b->docs[i].date;
        doc.meta = b->docs[i].meta;
        doc.meta_count = b->docs[i].meta_n;
        rc = parasol_indexer_add(w, &doc, &err);
    }
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, &err);
    parasol_indexer_close(w);
    if (rc) {
        (void)fprintf(stderr, "indexing failed: %d, %s\n", rc, err.message);
        exit(1);
    }
}

/* ---- queries ------------------------------------------------------------ */

typedef struct writer {
    char *out;
    size_t len, room;
} writer;

PC_PRINTF(2, 3) static void say(writer *w, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(w->out + w->len, w->room - w->len, fmt, args);
    va_end(args);
    if (n > 0 && (size_t)n < w->room - w->len)
        w->len += (size_t)n;
    w->out[w->len] = 0;
}

static const char *any_word(babble *b)
{
    switch (below(b, 12)) {
    case 0:
    case 1:
    case 2: return planted[below(b, PC_COUNTOF(planted))].word;
    case 3: return known[below(b, PC_COUNTOF(known))];
    case 4: return below(b, 3) ? "heavy" : "nowherewhatever";
    case 5:
    case 6: return b->words[below(b, b->n_words)];
    default: return zipf(b);
    }
}

static void say_phrase(babble *b, writer *w)
{
    uint64_t n = 1 + below(b, 6);
    char slice[512];
    size_t doc = (size_t)below(b, b->n);
    size_t length = naive_length(b->oracle, doc);
    say(w, "\"");
    if (below(b, 4) && length > 0 &&
        naive_words(b->oracle, doc, (size_t)below(b, length), (size_t)n, slice,
                    sizeof slice)) {
        say(w, "%s", slice);
    } else {
        for (; n > 0; n--)
            say(w, "%s ", any_word(b));
    }
    say(w, "\"");
}

/* A word with the end or some of the middle left open, or misspelt. */
static void say_pattern(babble *b, writer *w)
{
    const char *word = any_word(b);
    size_t len = strlen(word), at = (size_t)below(b, len);
    /* Not in the middle of a character. */
    while (at > 0 && ((uint8_t)word[at] & 0xC0) == 0x80)
        at--;
    size_t behind = at + 1;
    while (((uint8_t)word[behind - (behind > len)] & 0xC0) == 0x80 &&
           behind < len)
        behind++;
    switch (below(b, 9)) {
    case 0: say(w, "%.*s*", (int)(at ? at : len), word); break;
    case 1: say(w, "%.*s?%s", (int)at, word, word + behind); break;
    case 2: say(w, "*%s", word + at); break;
    case 3: say(w, "%.*s%s~1", (int)at, word, word + behind); break;
    case 4: say(w, "%.*sx%s~2", (int)at, word, word + at); break;
    case 5: say(w, "\"%s %.*s* %s\"", zipf(b), (int)at, word, zipf(b)); break;
    case 6: say(w, "%s-%.*s*", zipf(b), (int)(at ? at : len), word); break;
    case 7:
        /* The oracle takes no pattern apart that stands in a NEAR. */
        say(w, "(%.3s* NEAR/3 %s)", known[below(b, 15)], zipf(b));
        break;
    default: say(w, "/%.*s.?(%s|x)s*/", (int)at, word, word + behind); break;
    }
}

static void say_list(babble *b, writer *w, unsigned depth);

static void say_filter(babble *b, writer *w)
{
    static const char *const filters[] = {"kind:red",
                                          "kind:blue",
                                          "kind:=blue",
                                          "kind:\"dark blue\"",
                                          "kind:=\"dark blue\"",
                                          "kind:(red | green)",
                                          "kind:(=red | dark)",
                                          "kind:dar*",
                                          "kind:*",
                                          "kind:bl?e",
                                          "kind:*e*",
                                          "kind:nothing",
                                          "kind:>=c",
                                          "kind:[b TO green]",
                                          "tag:t1",
                                          "tag:(t1 | t2 | t3)",
                                          "tag:{t2 TO t4]",
                                          "path:a",
                                          "path:a/b",
                                          "path:doc1",
                                          "path:doc1.md",
                                          "path:*7.txt",
                                          "path:a/*",
                                          "path:=doc0.txt",
                                          "path:c-d/doc2*",
                                          "date:2012",
                                          "date:2013-05",
                                          "date:2014-Q2",
                                          "since:2013-05",
                                          "until:2012",
                                          "date:[2011 TO 2012-06]",
                                          "date:>2013",
                                          "date:<2012-03-15",
                                          "date:2014-0*",
                                          "date:(2010 | 2013-12)",
                                          "date:{2011-02 TO 2014}"};
    unsigned n = (unsigned)below(b, 42);
    switch (below(b, 10)) {
    case 0: say(w, "pages:>=%u", n); break;
    case 1: say(w, "pages:<%u", n); break;
    case 2: say(w, "pages:[%u TO %u.5]", n, n + 7); break;
    case 3: say(w, "pages:(%u | %u)", n, n + 1); break;
    default: say(w, "%s", filters[below(b, PC_COUNTOF(filters))]);
    }
    if (below(b, 10) == 0)
        say(w, "^=%u", (unsigned)below(b, 4));
}

/* A word, phrase or alternatives, as NEAR takes them. */
static void say_place(babble *b, writer *w, const char *field)
{
    switch (below(b, 8)) {
    case 0:
        say(w, "%s", field);
        say_phrase(b, w);
        break;
    case 1: say(w, "(%s%s OR %s%s)", field, any_word(b), field, zipf(b)); break;
    case 2: say(w, "%s=%s", field, any_word(b)); break;
    default: say(w, "%s%s", field, below(b, 2) ? zipf(b) : any_word(b));
    }
}

static void say_near(babble *b, writer *w)
{
    static const char *const names[] = {"NEAR", "ADJ"};
    const char *field = below(b, 5) ? "" : "title:";
    say(w, "(");
    say_place(b, w, field);
    for (uint64_t n = 1 + (below(b, 4) == 0); n > 0; n--) {
        say(w, " %s/%u ", names[below(b, 2)], (unsigned)below(b, 12));
        say_place(b, w, field);
    }
    say(w, ")");
}

/* What is newer than words, phrases and groups. */
static void say_more(babble *b, writer *w, unsigned depth)
{
    switch (below(b, 7)) {
    case 0:
        say_phrase(b, w);
        say(w, "~%u", (unsigned)below(b, 9));
        break;
    case 1: say(w, "title:%s", any_word(b)); break;
    case 2:
        say(w, "title:");
        say_phrase(b, w);
        break;
    case 3: say_near(b, w); break;
    case 4:
        say(w, "(%s %s %s ", zipf(b), any_word(b), any_word(b));
        say_list(b, w, depth > 0 ? depth - 1 : 0);
        say(w, ")@%u", 1 + (unsigned)below(b, 4));
        break;
    case 5: say(w, "%s^=%u", any_word(b), (unsigned)below(b, 5)); break;
    default: say_filter(b, w);
    }
}

static void say_operand(babble *b, writer *w, unsigned depth)
{
    static const char *const boosts[] = {"^0",     "^2",    "^0.5",
                                         "^0.001", "^1000", "^1.75"};
    uint64_t kind = below(b, 58);
    if (kind >= 52) {
        say_pattern(b, w);
        return;
    }
    if (kind >= 40) {
        say_more(b, w, depth);
        return;
    }
    if (kind < 5)
        say(w, "=%s", any_word(b));
    else if (kind < 11)
        say_phrase(b, w);
    else if (kind < 13) {
        say(w, "=");
        say_phrase(b, w);
    } else if (kind < 14)
        say(w, "*");
    else if (kind < 21 && depth > 0) {
        say(w, "(");
        say_list(b, w, depth - 1);
        say(w, ")");
    } else
        say(w, "%s", any_word(b));
    if (below(b, 8) == 0)
        say(w, "%s", boosts[below(b, PC_COUNTOF(boosts))]);
}

static void say_list(babble *b, writer *w, unsigned depth)
{
    static const char *const signs[] = {"", "", "", "+", "+", "-"};
    static const char *const between[] = {" ",     " ",     " ",        " OR ",
                                          " AND ", " NOT ", " AND NOT "};
    for (uint64_t n = 1 + below(b, 5); n > 0; n--) {
        say(w, "%s", signs[below(b, PC_COUNTOF(signs))]);
        say_operand(b, w, depth);
        if (n > 1)
            say(w, "%s", between[below(b, PC_COUNTOF(between))]);
    }
}

/* Words with signs in front: what most queries look like, and what has its
   own fast path. */
static void say_flat(babble *b, writer *w, uint64_t n, uint64_t must,
                     uint64_t not )
{
    for (; n > 0; n--)
        say(w, "%s%s ",
            below(b, 10) < must  ? "+"
            : below(b, 10) < not ? "-"
                                 : "",
            any_word(b));
}

size_t babble_query(babble *b, char *out, size_t room)
{
    writer w = {out, 0, room};
    out[0] = 0;
    switch (below(b, 15)) {
    case 14: say_pattern(b, &w); break;
    case 10: say_more(b, &w, 1); break;
    case 11:
        say_flat(b, &w, 1 + below(b, 4), 3, 1);
        say_filter(b, &w);
        break;
    case 12: say_near(b, &w); break;
    case 13:
        say_phrase(b, &w);
        say(&w, "~%u", 1 + (unsigned)below(b, 20));
        break;
    case 0: say_operand(b, &w, 0); break;
    case 1: say_flat(b, &w, 1 + below(b, 6), 0, 0); break;
    case 2: say_flat(b, &w, 1 + below(b, 64), 0, 1); break;
    case 3: say_flat(b, &w, 1 + below(b, 4), 10, 0); break;
    case 4: say_flat(b, &w, 2 + below(b, 6), 4, 2); break;
    case 5: say_phrase(b, &w); break;
    default: say_list(b, &w, 3); break;
    }
    return w.len;
}

size_t babble_short(babble *b, char *out, size_t room)
{
    writer w = {out, 0, room};
    size_t doc = (size_t)below(b, b->n), length = naive_length(b->oracle, doc);
    out[0] = 0;
    for (uint64_t n = 2 + below(b, 2); n > 0; n--) {
        char word[64] = "everywhere";
        if (below(b, 3) && length > 0)
            (void)naive_words(b->oracle, doc, (size_t)below(b, length), 1, word,
                              sizeof word);
        say(&w, "\"%s\" ", word[0] ? word : "everywhere");
    }
    if (below(b, 4) == 0)
        say_filter(b, &w);
    w.len = strcspn(out, "^"); /* a filter with a score is no filter */
    out[w.len] = 0;
    if (below(b, 4) == 0)
        say(&w, " -\"%s\"", any_word(b));
    return strlen(out);
}

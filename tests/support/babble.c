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
                                    "--"};

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

static void make_doc(babble *b, size_t i, size_t longest, unsigned set)
{
    babble_doc *d = &b->docs[i];
    text title = {NULL, 0, 0}, body = {NULL, 0, 0};
    bool opens = false;
    (void)snprintf(d->id, sizeof d->id, "doc%zu", i);
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
    naive_add(b->oracle, d->title, d->text);
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

static void say_list(babble *b, writer *w, unsigned depth);

static void say_operand(babble *b, writer *w, unsigned depth)
{
    static const char *const boosts[] = {"^0",     "^2",    "^0.5",
                                         "^0.001", "^1000", "^1.75"};
    uint64_t kind = below(b, 40);
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
    switch (below(b, 10)) {
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

/*
 * From queries of the benchmark to expressions of FTS5: words and phrases,
 * each perhaps with + or - before it.
 *
 *     a b        "a" OR "b"
 *     +a +b      "a" AND "b"
 *     "a b"      "a b"
 *     a b -c     ("a" OR "b") NOT ("c")
 */
#include <string.h>

#include "sqlite_harness.h"

typedef struct text {
    char *out;
    size_t room;
    size_t len;
    bool fits;
} text;

static void add(text *t, const char *bytes, size_t len)
{
    if (len >= t->room - t->len) {
        t->fits = false;
        return;
    }
    memcpy(t->out + t->len, bytes, len);
    t->len += len;
    t->out[t->len] = 0;
}

/* A word or phrase of the query. */
typedef struct item {
    char sign; /* '+', '-' or ' ' */
    const char *start;
    size_t len;
} item;

static bool next(const char **at, item *it)
{
    const char *p = *at + strspn(*at, " ");
    it->sign = ' ';
    if (*p == '+' || *p == '-')
        it->sign = *p++;
    if (*p == 0)
        return false;
    if (*p == '"') {
        it->start = p + 1;
        it->len = strcspn(p + 1, "\"");
        p += 1 + it->len + (p[1 + it->len] == '"');
    } else {
        it->start = p;
        it->len = strcspn(p, " \"");
        p += it->len;
    }
    *at = p;
    return true;
}

static int count(const char *query, char sign)
{
    int n = 0;
    item it;
    while (next(&query, &it))
        n += it.sign == sign;
    return n;
}

/* All items of one sign, joined by `operator`, in brackets. */
static void group(text *t, const char *query, char sign, const char *operator)
{
    item it;
    bool first = true;
    add(t, "(", 1);
    while (next(&query, &it)) {
        if (it.sign != sign)
            continue;
        if (!first)
            add(t, operator, strlen(operator));
        add(t, "\"", 1);
        add(t, it.start, it.len);
        add(t, "\"", 1);
        first = false;
    }
    add(t, ")", 1);
}

bool harness_translate(char *out, size_t room, const char *query)
{
    text t = {out, room, 0, true};
    int must = count(query, '+'), should = count(query, ' ');
    if ((must > 0) == (should > 0))
        return false;
    if (must > 0)
        group(&t, query, '+', " AND ");
    else
        group(&t, query, ' ', " OR ");
    if (count(query, '-') > 0) {
        add(&t, " NOT ", 5);
        group(&t, query, '-', " OR ");
    }
    return t.fits;
}

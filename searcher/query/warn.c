/*
 * Warnings about a query.
 */
#include "searcher/query/warn.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_BYTES 256u
#define MORE_BYTES 96u

void ps_warnings_init(ps_warnings *w, pc_arena *arena, const char *noun,
                      const char *where)
{
    *w = (ps_warnings){.arena = arena, .noun = noun, .where = where};
}

/* What the last warning says: how many there are that are not shown. */
static const char *count_more(ps_warnings *w)
{
    if (!w->more)
        w->more = pc_arena_alloc(w->arena, MORE_BYTES);
    if (!w->more)
        w->status = PARASOL_NOMEM;
    else
        (void)snprintf(w->more, MORE_BYTES, "%zu more %s%s%s %s not shown",
                       w->n_more + 1, w->noun, w->n_more ? "s" : "", w->where,
                       w->n_more ? "are" : "is");
    w->n_more++;
    return w->more;
}

void ps_warn(ps_warnings *w, size_t start, size_t end, const char *message)
{
    if (w->status)
        return;
    if (!w->items)
        w->items = pc_arena_zalloc(w->arena, PS_MAX_WARNINGS, sizeof *w->items);
    if (!w->items) {
        w->status = PARASOL_NOMEM;
        return;
    }
    if (w->n >= PS_MAX_WARNINGS - 1)
        message = count_more(w);
    if (w->n == PS_MAX_WARNINGS || w->status)
        return;
    w->items[w->n++] = (parasol_warning){start, end, message};
}

int ps_warn_format(ps_warnings *w, size_t start, size_t end, const char *fmt,
                   ...)
{
    char text[TEXT_BYTES];
    const char *message = NULL; /* those that are only counted need none */
    va_list args;
    if (w->n < PS_MAX_WARNINGS - 1) {
        va_start(args, fmt);
        int len = vsnprintf(text, sizeof text, fmt, args);
        va_end(args);
        size_t n = len < 0                     ? 0
                   : (size_t)len < sizeof text ? (size_t)len
                                               : sizeof text - 1;
        message = pc_arena_copy(w->arena, text, n);
        if (!message)
            w->status = PARASOL_NOMEM;
    }
    ps_warn(w, start, end, message);
    return w->status;
}

void ps_warnings_sort(ps_warnings *w)
{
    for (size_t i = 1; i < w->n; i++) {
        parasol_warning one = w->items[i];
        size_t j = i;
        for (; j > 0 && w->items[j - 1].start > one.start; j--)
            w->items[j] = w->items[j - 1];
        w->items[j] = one;
    }
}
